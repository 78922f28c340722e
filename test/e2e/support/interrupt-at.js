/**
 * Loaded with `--import` before a program of ours: sends it a signal at one exact call to the supervisor, before the
 * call leaves (`before`) or once the kernel has taken it (`after`). Without INTERRUPT_AT it only writes the calls to
 * INTERRUPT_LOG, one a line.
 */
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

const { INTERRUPT_AT, INTERRUPT_MOMENT, INTERRUPT_SIGNAL = 'SIGKILL', INTERRUPT_LOG } = process.env;
const mutating =
  /"method":"(prepare|switch|retire|lease\.acquire|lease\.release|journal\.write|fault\.inject|fault\.revert)"/;
const write = Socket.prototype.write;
let calls = 0;

Socket.prototype.write = function (data, ...rest) {
  const method = typeof data === 'string' ? mutating.exec(data)?.[1] : undefined;
  if (method === undefined) return write.call(this, data, ...rest);
  calls += 1;
  if (INTERRUPT_LOG) appendFileSync(INTERRUPT_LOG, `${method}\n`);
  if (calls !== Number(INTERRUPT_AT)) return write.call(this, data, ...rest);
  if (INTERRUPT_MOMENT === 'before') process.kill(process.pid, INTERRUPT_SIGNAL);
  const taken = write.call(this, data, ...rest);
  if (INTERRUPT_MOMENT === 'after') process.kill(process.pid, INTERRUPT_SIGNAL);
  return taken;
};

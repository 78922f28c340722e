import type { Clock } from '../../platform/clock.ts';
import { identityOf, signalGroup } from '../../platform/daemons.ts';
import { membersOf } from '../../platform/process-table.ts';
import type { StoredProcess } from './state.ts';

const pollMs = 5;
/** A signal to a process acts when the kernel lets it; a system call that hangs can hold it up. */
const actsWithinMs = 3_000;

/**
 * Stops every process of a group and resolves when none of them runs on.
 * @throws Error when the group is gone or does not stop
 */
export async function freeze(target: StoredProcess, clock: Clock, signal: AbortSignal): Promise<void> {
  if ((await identityOf(target.pid)) !== target.identity) throw new Error(`${target.instance} is gone`);
  signalGroup(target.pid, 'SIGSTOP');
  const deadline = clock.monotonic() + actsWithinMs;
  while ((await membersOf(target.pid)).some(({ isStopped }) => !isStopped)) {
    if (clock.monotonic() > deadline) throw new Error(`${target.instance} does not stop`);
    await clock.sleep(pollMs, signal);
  }
}

/**
 * Lets a group go on and resolves when none of it is stopped. `gone`: nothing of it was there any more.
 * @throws Error when it does not go on
 */
export async function thaw(target: StoredProcess, clock: Clock): Promise<'thawed' | 'gone'> {
  const deadline = clock.monotonic() + actsWithinMs;
  for (;;) {
    // Its id may be somebody else's by now; while children of it are left, it is nobody's.
    const identity = await identityOf(target.pid);
    if (identity !== undefined && identity !== target.identity) return 'gone';
    if (!signalGroup(target.pid, 'SIGCONT')) return 'gone';
    const members = await membersOf(target.pid);
    if (members.length === 0) return 'gone';
    if (members.every(({ isStopped }) => !isStopped)) return 'thawed';
    if (clock.monotonic() > deadline) throw new Error(`${target.instance} does not go on`);
    await clock.sleep(pollMs);
  }
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { identityOf } from '../../../src/platform/daemons.ts';
import type { Target } from '../../../src/targets/target.ts';
import { blue, inject } from '../../support/fault-sandbox.ts';
import { LocalSandbox, until } from '../../support/local-sandbox.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

const exec = (target: Target, argv: readonly [string, ...string[]], timeoutMs = 30_000) =>
  target.exec({ instance: 'app/blue-1', argv, timeoutMs });

/** A program that tells its id and that of a child, and does not end. */
const family = `
const { spawn } = require('node:child_process');
const child = spawn('sleep', ['60']);
console.log(process.pid, child.pid);
setInterval(() => {}, 1000);`;

describe('a command beside an instance', () => {
  test('has its folder, its environment and its Node', async () => {
    const { target } = await sandbox.live();
    const { port } = new URL((await blue(target)).url);
    const script = 'console.log(JSON.stringify([process.cwd(), process.execPath, process.env]))';
    const ran = await exec(target, ['node', '-e', script]);
    expect(ran).toMatchObject({ code: 0, signal: null, stderr: '', timedOut: false });
    const [cwd, execPath, env] = JSON.parse(ran.stdout);
    expect([cwd, execPath]).toEqual([`${sandbox.folder}/app`, process.execPath]);
    expect(env).toMatchObject({
      PORT: port,
      CUTOVER_INSTANCE: 'app/blue-1',
      CUTOVER_VERSION: 'v1',
      MOOD: 'good',
    });
    // By this one the instance's own process is found.
    expect(env).not.toHaveProperty('CUTOVER_START');
  });

  test('tells how it ended, and is given to no shell', async () => {
    const { target } = await sandbox.live();
    expect(await exec(target, ['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      code: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
    });
    expect((await exec(target, ['echo', '$PORT; `id`'])).stdout).toBe('$PORT; `id`\n');
  });

  test('is killed at the timeout with what it started', async () => {
    const { target } = await sandbox.live();
    const ran = await exec(target, ['node', '-e', family], 2_500);
    expect(ran).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true });
    const pids = ran.stdout.trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    for (const pid of pids) await until(async () => (await identityOf(pid)) === undefined, 'its end');
  });

  test('is killed when the caller stops waiting', async () => {
    const { target } = await sandbox.live();
    const file = `${sandbox.folder}/pids`;
    const script = family.replace(
      'console.log(process.pid, child.pid)',
      `require('node:fs').writeFileSync('${file}', process.pid + ' ' + child.pid)`,
    );
    const stop = new AbortController();
    const running = target.exec({
      instance: 'app/blue-1',
      argv: ['node', '-e', script],
      timeoutMs: 60_000,
      signal: stop.signal,
    });
    const refused = expect(running).rejects.toThrow('enough');
    await until(async () => ((await sandbox.platform.files.size(file)) ?? 0) > 0, 'its start');
    const pids = ((await sandbox.platform.files.readText(file)) ?? '').split(' ').map(Number);
    stop.abort(new Error('enough'));
    await refused;
    for (const pid of pids) await until(async () => (await identityOf(pid)) === undefined, 'its end');
  });

  test('leaves nothing behind, and its output is cut', async () => {
    const { target } = await sandbox.live();
    const left = await exec(target, ['sh', '-c', 'sleep 60 >/dev/null 2>&1 & echo $!']);
    await until(async () => (await identityOf(Number(left.stdout))) === undefined, 'the end of what it left');
    const much = await exec(target, [
      'node',
      '-e',
      "process.stdout.write('x'.repeat(300000)); process.stderr.write('y'.repeat(70000))",
    ]);
    expect(much).toMatchObject({ code: 0, stdout: 'x'.repeat(65_536), stderr: 'y'.repeat(65_536) });
  });

  test.each([
    {
      what: 'no such program',
      instance: 'app/blue-1',
      argv: ['no-such-program'],
      says: 'there is no program "no-such-program"',
    },
    {
      what: 'no such instance',
      instance: 'app/blue-9',
      argv: ['true'],
      says: 'there is no instance app/blue-9',
    },
  ] as const)('$what is told', async ({ instance, argv, says }) => {
    const { target } = await sandbox.live();
    const refused = target.exec({ instance, argv, timeoutMs: 1_000 });
    await expect(refused).rejects.toMatchObject({ name: 'UserError' });
    await expect(refused).rejects.toThrow(says);
  });

  test('needs an instance that runs', async () => {
    const live = await sandbox.live();
    await inject(live, { kind: 'down', instances: ['app/blue-1'] });
    await expect(exec(live.target, ['true'])).rejects.toThrow('app/blue-1 does not run: is held down');
  });
});

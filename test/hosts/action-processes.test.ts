import { describe, expect, test } from '@jest/globals';
import { actionProcesses, type Exec } from '../../src/hosts/action-processes.ts';
import { type Processes, systemProcesses } from '../../src/platform/processes.ts';

const implementations: [string, Processes][] = [
  ['systemProcesses', systemProcesses],
  ['actionProcesses', actionProcesses(async () => (await import('@actions/exec')) as Exec)],
];

/** Both ways of running a child process keep the same promises. */
describe.each(implementations)('%s', (_, processes) => {
  const node = (script: string, options = {}) => processes.run([process.execPath, '-e', script], options);

  test('gives output and exit code, and hands arguments on untouched', async () => {
    const argv = ['a b', '"', '$HOME', '', "it's"] as const;
    const script = 'console.log(JSON.stringify(process.argv.slice(1))); console.error("é"); process.exit(7)';
    const ran = await processes.run([process.execPath, '-e', script, ...argv]);
    expect(ran).toEqual({ code: 7, signal: null, stdout: `${JSON.stringify(argv)}\n`, stderr: 'é\n' });
  });

  test('writes the input and uses only the given environment', async () => {
    const script = 'process.stdin.pipe(process.stdout); console.error(process.env.A, process.env.HOME)';
    const ran = await node(script, { input: 'secret', env: { A: '1' } });
    expect(ran).toMatchObject({ code: 0, stdout: 'secret', stderr: '1 undefined\n' });
  });

  test('a child that does not read its input is no error of ours', async () => {
    for (let i = 0; i < 10; i += 1) {
      const ran = await processes.run(['true'], { input: 'x'.repeat(200_000) });
      expect(ran.code).toBe(0);
    }
  });

  test('kills what takes too long', async () => {
    const ran = await node('setInterval(() => {}, 1000)', { timeoutMs: 200 });
    expect(ran).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('ends the child and rejects when aborted', async () => {
    const controller = new AbortController();
    const running = node('setInterval(() => {}, 1000)', { signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    await expect(running).rejects.toThrow();
  });

  test('rejects with ENOENT when there is no such program', async () => {
    await expect(processes.run(['no-such-program-here'])).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('children that run at once are told apart', async () => {
  const processes = actionProcesses(async () => (await import('@actions/exec')) as Exec);
  const slow = processes.run([process.execPath, '-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 800 });
  const quick = processes.run([process.execPath, '-e', 'setTimeout(() => console.log("done"), 300)']);
  expect(await quick).toMatchObject({ code: 0, stdout: 'done\n' });
  expect(await slow).toMatchObject({ signal: 'SIGKILL' });
});

import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/platform/errors.ts';
import { systemProcesses } from '../../../src/platform/processes.ts';
import { urlAim } from '../../../src/smoke/aim.ts';
import type { Aim } from '../../../src/smoke/check.ts';
import type { ExecRequest } from '../../../src/targets/fault.ts';
import type { Instance } from '../../../src/targets/target.ts';
import { one, smoke } from '../fixtures/smoke.ts';

const instance = (id: string, status: Instance['status']): Instance => ({
  id,
  component: 'gateway',
  color: 'green',
  status,
  url: 'http://127.0.0.1:1',
  pid: undefined,
  restarts: 0,
  detail: undefined,
});

const asked: ExecRequest[] = [];

/** Runs commands as child processes of the test. */
const aim: Aim = {
  ...urlAim('http://127.0.0.1:1'),
  what: 'standby',
  label: 'standby',
  component: 'gateway',
  instances: async () => [instance('gateway/green-1', 'starting'), instance('gateway/green-2', 'ready')],
  exec: async (request) => {
    asked.push(request);
    const { argv, timeoutMs } = request;
    const [program, ...rest] = argv;
    const ran = await systemProcesses.run([program === 'node' ? process.execPath : program, ...rest], {
      timeoutMs,
    });
    return { ...ran, timedOut: ran.signal === 'SIGKILL' };
  },
};

const run = (item: string) => one('', item, { aim });

describe('exec', () => {
  test('passes on the right exit code, in an instance that is ready', async () => {
    expect(await run(`exec: [node, -e, 'console.log(1)']`)).toMatchObject({
      verdict: 'passed',
      detail: expect.stringMatching(/^exit 0 in gateway\/green-2 after \d+ ms$/),
    });
    expect(asked.at(-1)).toMatchObject({
      instance: 'gateway/green-2',
      argv: ['node', '-e', 'console.log(1)'],
    });
  });

  test.each([
    ['another exit code', `exec: [node, -e, 'process.exit(3)'], exit: 3`],
    ['its output', `exec: [node, -e, 'console.log("0 pending")'], matches: ^0 pending`],
  ])('passes on %s', async (_, item) => {
    expect(await run(item)).toMatchObject({ verdict: 'passed' });
  });

  test.each([
    [
      'another code',
      `exec: [node, -e, 'console.error("a"); console.error("boom"); process.exit(3)']`,
      /^exit 3, expected exit 0: boom in gateway\/green-2$/,
    ],
    [
      'a signal',
      `exec: [node, -e, 'process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 9000)']`,
      /^ended by SIGTERM, expected exit 0/,
    ],
    [
      'another output',
      `exec: [node, -e, 'console.log("3 pending")'], matches: ^0 pending`,
      /^prints "3 pending", expected a match of \^0 pending/,
    ],
    ['it does not end', `exec: [node, -e, 'setTimeout(() => {}, 9000)'], timeout: 300ms`, /300 ms/],
  ])('is unhealthy: %s', async (_, item, detail) => {
    expect(await run(item)).toMatchObject({ finding: 'unhealthy', detail: expect.stringMatching(detail) });
  });

  test('no shell reads the arguments', async () => {
    const record = await run(
      `exec: [node, -e, 'console.log(process.argv.at(-1))', '$(echo hacked); a'], matches: '^\\$\\(echo hacked\\); a$'`,
    );
    expect(record).toMatchObject({ verdict: 'passed' });
  });

  test('an answer can be used by later checks', async () => {
    const { checks } = await smoke(
      '',
      [
        `name: first, exec: [node, -e, 'console.log(JSON.stringify({ id: 42 }))']`,
        `name: second, exec: [node, -e, 'process.exit(Number(process.argv.at(-1)))', '\${checks.first.stdout.id}'], exit: 42`,
      ],
      { aim },
    );
    expect(checks.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
  });

  test('without an instance it is unhealthy', async () => {
    const record = await one('', 'exec: [node]', { aim: { ...aim, instances: async () => [] } });
    expect(record).toMatchObject({ finding: 'unhealthy', detail: 'standby has no instance of gateway' });
  });

  test('where there are no instances, or the target cannot, it is inconclusive', async () => {
    expect(await one('http://127.0.0.1:1', 'exec: [node]')).toMatchObject({ verdict: 'inconclusive' });
    const cannot = { ...aim, exec: () => Promise.reject(new UserError('not here', { next: 'go there' })) };
    expect(await one('', 'exec: [node]', { aim: cannot })).toMatchObject({
      verdict: 'inconclusive',
      detail: 'not here',
      next: 'go there',
    });
  });
});

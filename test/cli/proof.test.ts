import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Workspace } from '../e2e/support/workspace.ts';
import { leaveFault } from '../support/left-fault.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create(`  bake: 500ms
  traffic: { rate: 20/s, path: / }
smoke:
  - { name: answers, http: / }
  - { name: teapot, http: /, status: 418, retry-for: 0s, on: standby }
chaos:
  - name: slow answers
    aim: live
    fault: { kind: latency, delay: 300ms }
    for: 2s
    steady: { watch: 500ms }
    recovery: { stable: 2 }`);
  await workspace.cli(['apply', '--version', 'v1', '--skip', 'smoke, chaos']);
}, 60_000);
afterAll(() => workspace.remove());

describe('cutover smoke', () => {
  test('prints each check and where the reports are', async () => {
    const { code, stdout } = await workspace.cli(['smoke']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ version of app .*version v1/);
    expect(stdout).toMatch(/^record: .*record\.json$/m);
  }, 30_000);

  test('--json gives the outputs of the action and every check', async () => {
    const { code, stdout } = await workspace.cli(['smoke', '--json', '--only', 'answers']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      mode: 'smoke',
      verdict: 'passed',
      checks: '2',
      flaky: '0',
      results: [{ name: 'version of app' }, { name: 'answers', kind: 'http', verdict: 'passed' }],
    });
  }, 30_000);

  test.each<[string, number, string[], RegExp]>([
    ['failed', 1, ['--version', 'v9', '--only', 'answers'], /wrong version/],
    [
      'a name that no check has',
      2,
      ['--only', 'answer'],
      /there is no check "answer", did you mean "answers"\?/,
    ],
    ['an aim that is none', 2, ['--aim', 'lif'], /aim: "lif" is not one of live, standby/],
    ['an aim at which nothing runs', 1, ['--aim', 'standby'], /there is no standby release of app/],
    ['inconclusive', 3, ['--url', 'http://nowhere.invalid/'], /nowhere\.invalid/],
  ])(
    'ends for %s with %i',
    async (_, wanted, args, says) => {
      const { code, stdout, stderr } = await workspace.cli(['smoke', ...args]);
      expect(code).toBe(wanted);
      expect(stdout + stderr).toMatch(says);
    },
    30_000,
  );
});

describe('cutover chaos', () => {
  test('plan says what would be hit, how much of it and with which permission, and writes nothing', async () => {
    const before = await workspace.status();
    const { code, stdout } = await workspace.cli(['chaos', 'plan']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /latency of all of blue of app \(1 instance\), 100 % of blue, for 2 s; .*permission: none/,
    );
    expect(stdout).toContain('1 experiment can be run; nothing was changed');
    expect(stdout).not.toMatch(/passed|record:/);
    expect(await workspace.status()).toEqual(before);
    const told = JSON.parse((await workspace.cli(['chaos', 'plan', '--json', '--seed', 's1'])).stdout);
    expect(told).toMatchObject({
      mode: 'chaos plan',
      verdict: 'passed',
      seed: 's1',
      experiments: [{ name: 'slow answers', faults: [{ targets: ['app/blue-1'] }] }],
    });
  }, 30_000);

  test('run breaks, sees and mends it, and tells the figures', async () => {
    const { code, stdout } = await workspace.cli(['chaos', '--json']);
    expect(code).toBe(0);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ mode: 'chaos run', verdict: 'passed', lost: '', duplicated: '' });
    expect(told.experiments).toMatchObject([{ name: 'slow answers', faults: [{ witnessed: 'passed' }] }]);
    expect(Number(told['p99-ms'])).toBeGreaterThanOrEqual(300);
  }, 60_000);

  test.each<[string, number, string[], RegExp]>([
    [
      'a mode that is none',
      2,
      ['plann'],
      /mode: "plann" is not one of run, plan, revert, did you mean "plan"\?/,
    ],
    ['a name that no experiment has', 2, ['--only', 'slow'], /there is no experiment "slow".*: slow answers/],
    [
      'what cannot be done there',
      3,
      ['plan', '--aim', 'standby'],
      /slow answers: green of app: no instance is ready/,
    ],
    ['a revert of nothing', 0, ['revert'], /no fault was left/],
  ])(
    'ends for %s with %i',
    async (_, wanted, args, says) => {
      const { code, stdout, stderr } = await workspace.cli(['chaos', ...args]);
      expect(code).toBe(wanted);
      expect(stdout + stderr).toMatch(says);
    },
    30_000,
  );

  test.each<['SIGINT' | 'SIGTERM']>([['SIGINT'], ['SIGTERM']])(
    '%s: no fault is left, exit code 130',
    async (signal) => {
      // The call that injects is the one after the lease and the intent.
      const { code, stdout } = await workspace.cli(['chaos'], { at: 3, moment: 'after', signal });
      expect(await workspace.calls()).toContainEqual(expect.stringContaining('fault.inject'));
      expect(code).toBe(130);
      expect(stdout).toContain('cancelled; its faults are gone');
      expect((await workspace.status()).faults).toEqual([]);
    },
    60_000,
  );

  test('SIGKILL: the fault is in the status, and revert ends it', async () => {
    const { signal } = await workspace.cli(['chaos'], { at: 3, moment: 'after', signal: 'SIGKILL' });
    expect(signal).toBe('SIGKILL');
    expect((await workspace.status()).faults).toMatchObject([
      { what: 'latency of app (blue)', active: true },
    ]);
    const status = await workspace.cli(['status', '--environment', 'local']);
    expect(status.stdout).toMatch(/broken on purpose: latency of app \(blue\)/);
    const reverted = await workspace.json(['chaos', 'revert']);
    expect(reverted).toMatchObject({
      verdict: 'passed',
      reason: expect.stringMatching(/^latency of app \(blue\): (reverted|gone)/),
    });
    expect((await workspace.status()).faults).toEqual([]);
  }, 120_000);

  test('a fault of nobody stops a run, with the command that ends it', async () => {
    await leaveFault(workspace, 'blue');
    const refused = await workspace.json(['chaos']);
    expect(refused).toMatchObject({ verdict: 'failed', experiments: [] });
    const { code, stdout } = await workspace.cli(['recover']);
    expect(code).toBe(0);
    expect(stdout).toContain('a fault that was left is ended: network, reverted');
  }, 60_000);
});

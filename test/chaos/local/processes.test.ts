import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LocalSandbox, moody, until } from '../../support/local-sandbox.ts';
import { expectNothingLeft, experiment, verdictOf } from './experiment.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

describe('processes', () => {
  test('pause: one of two is frozen, and goes on afterwards as the process it was', async () => {
    const live = await sandbox.live({ instances: 2 });
    const before = await live.target.instances('app', 'blue');
    const record = await experiment(sandbox, live, 'fault: { kind: pause, count: 1 }');
    expect(verdictOf(record)).toMatch(
      /^passed: .*1 of 1 process stopped; \d+ of \d+ probes without an answer$/,
    );
    await expectNothingLeft(sandbox, live.target);
    const pids = (instances: typeof before) => instances.map(({ pid }) => pid);
    expect(pids(await live.target.instances('app', 'blue'))).toEqual(pids(before));
  });

  test('restart: another process has its place, and that is no crash', async () => {
    const live = await sandbox.live({ instances: 2 });
    const before = await live.target.instances('app', 'blue');
    const record = await experiment(sandbox, live, 'fault: { kind: restart, grace: 2s }');
    expect(verdictOf(record)).toMatch(/^passed: .*1 of 1 instance with a new process$/);
    const after = await live.target.instances('app', 'blue');
    expect(after.filter(({ pid }) => before.some((one) => one.pid === pid))).toHaveLength(1);
    await expectNothingLeft(sandbox, live.target);
  });

  test('dependency-down: it is gone as long as it lasts, and who does without it is not hurt', async () => {
    const live = await sandbox.live();
    const other = { ...moody(), name: 'other' };
    await live.target.prepare({
      component: other,
      color: 'blue',
      release: sandbox.release('v1'),
      instances: 2,
      token: live.lease.token,
    });
    const token = live.lease.token;
    await live.target.route('other').switchTo('blue', { expecting: 0, token });
    await sandbox.remember();
    const record = await experiment(
      sandbox,
      live,
      'fault: { kind: dependency-down, component: other }, expect: { error-rate: <20% }',
    );
    expect(verdictOf(record)).toMatch(
      /^passed: .*2 of 2 instances gone; 0 % of the probes to it were answered$/,
    );
    await expectNothingLeft(sandbox, live.target);
    await until(async () =>
      (await live.target.instances('other', 'blue')).every(({ status }) => status === 'ready'),
    );
  });
});

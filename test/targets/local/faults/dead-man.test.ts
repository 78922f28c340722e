import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { identityOf } from '../../../../src/platform/daemons.ts';
import { membersOf } from '../../../../src/platform/process-table.ts';
import type { Disturbance } from '../../../../src/targets/fault.ts';
import type { StoredFault, StoredInstance } from '../../../../src/targets/local/state.ts';
import type { Lease, Target } from '../../../../src/targets/target.ts';
import { agentOf, faultsOf, inject, leftInData, mib } from '../../../support/fault-sandbox.ts';
import { LocalSandbox, until } from '../../../support/local-sandbox.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

/** One of each kind that leaves something to undo, each of those that hit processes on an instance of its own. */
const faults: Readonly<Record<string, Disturbance>> = {
  pause: { kind: 'pause', instances: ['app/blue-1'] },
  down: { kind: 'down', instances: ['app/blue-2'] },
  restart: { kind: 'restart', instances: ['app/blue-3'], graceMs: 2_000, env: { A: '1' }, lie: undefined },
  cpu: { kind: 'cpu', instances: [], workers: 1, load: 0.1 },
  memory: { kind: 'memory', instances: [], bytes: 32 * mib },
  'disk-fill': { kind: 'disk-fill', component: 'app', bytes: 8 * mib, leaveBytes: undefined },
  'disk-slow': { kind: 'disk-slow', component: 'app', workers: 1 },
  network: {
    kind: 'network',
    component: 'app',
    color: 'blue',
    instances: 'all',
    effect: { effect: 'slow-close', delayMs: 1 },
  },
};
const names = Object.keys(faults);
const withAgent = names.filter((name) => name !== 'network');

const injectAll = (live: { target: Target; lease: Lease }, ttlMs: number): Promise<void>[] =>
  Object.entries(faults).map(([id, what]) => inject(live, what, { id, ttlMs }));

const instances = (): readonly StoredInstance[] =>
  sandbox.state().components['app']?.colors.blue?.instances ?? [];

/** What is still not as it was, by what the machine shows. Asks nobody, so that nobody is started for it. */
async function leftOver(written: readonly StoredFault[]): Promise<string[]> {
  const left: string[] = [];
  for (const fault of written) if (await agentOf(fault)) left.push(`agent of ${fault.id}`);
  for (const name of await leftInData(sandbox)) left.push(name);
  for (const { id, pid, identity, under = [] } of instances()) {
    if (under.length > 0) left.push(`${id} has variables of a fault`);
    if (pid === null || (await identityOf(pid)) !== identity) left.push(`${id} does not run`);
    else if ((await membersOf(pid)).some(({ isStopped }) => isStopped)) left.push(`${id} is frozen`);
  }
  return left;
}

async function untilNothingIsLeft(written: readonly StoredFault[]): Promise<void> {
  let left: string[] = [];
  await until(async () => {
    left = await leftOver(written);
    return left.length === 0;
  }, 'nothing to be left').catch((error: unknown) => {
    throw new Error(`${left.join(', ')} is left`, { cause: error });
  });
}

const agentsOf = (written: readonly StoredFault[]) => Promise.all(written.map(agentOf));

describe('without anybody to come back', () => {
  test('each ends at its time by the supervisor', async () => {
    const live = await sandbox.live({ instances: 3 });
    await Promise.all(injectAll(live, 5_000));
    const written = sandbox.state().faults;
    expect(written.map(({ id }) => id).sort()).toEqual([...names].sort());
    expect((await leftOver(written)).length).toBeGreaterThanOrEqual(withAgent.length);
    await until(() => sandbox.state().faults.length === 0, 'the end of all faults');
    expect(await leftOver(written)).toEqual([]);
    expect(await readdir(join(sandbox.stateFolder, 'faults'))).toEqual([]);
    const log = await sandbox.supervisorLog();
    // Where the agent was first, the supervisor looks and finds nothing.
    for (const name of names) {
      expect(log).toMatch(new RegExp(`fault ${name}: (reverted|gone), because its time is over`));
    }
  });

  test.each([
    { stage: 'the first is written down', at: async () => sandbox.state().faults.length > 0 },
    {
      stage: 'the first agent runs',
      at: async () => (await agentsOf(sandbox.state().faults)).some((pid) => pid !== undefined),
    },
    {
      stage: 'every agent runs',
      at: async () => (await agentsOf(sandbox.state().faults)).filter(Boolean).length === withAgent.length,
    },
    { stage: 'a process is gone', at: async () => instances()[1]?.pid === null },
  ])('each ends at its time when the supervisor is killed as $stage', async ({ at }) => {
    const live = await sandbox.live({ instances: 3 });
    const injected = Promise.allSettled(injectAll(live, 6_000));
    await until(at, 'the stage');
    await sandbox.killSupervisor();
    const written = sandbox.state().faults;
    await injected;
    expect(written.length).toBeGreaterThan(0);
    await untilNothingIsLeft(written);
  });

  test('each ends at its time when the supervisor is killed while all act', async () => {
    const live = await sandbox.live({ instances: 3 });
    await Promise.all(injectAll(live, 6_000));
    await sandbox.killSupervisor();
    const written = sandbox.state().faults;
    expect(written).toHaveLength(names.length);
    // Of the network effect nothing is left as soon as the proxy is gone.
    expect((await leftOver(written)).length).toBeGreaterThanOrEqual(withAgent.length);
    await untilNothingIsLeft(written);
    // For what only a supervisor can undo, one was started.
    await until(() => sandbox.state().faults.length === 0, 'a supervisor that takes note');
    await sandbox.remember();
    expect(await sandbox.supervisorPid()).toBeDefined();
  });

  test('each ends at its time when the supervisor is killed while they are reverted', async () => {
    const live = await sandbox.live({ instances: 3 });
    await Promise.all(injectAll(live, 6_000));
    const written = sandbox.state().faults;
    const reverting = Promise.allSettled(names.map((name) => faultsOf(live.target).revert(name)));
    await until(() => sandbox.state().faults.length < written.length, 'the first to be gone');
    await sandbox.killSupervisor();
    await reverting;
    await untilNothingIsLeft(written);
  });

  test('an agent that is told to end takes back what it did', async () => {
    const live = await sandbox.live({ instances: 3 });
    await Promise.all(injectAll(live, 120_000));
    const written = sandbox.state().faults;
    const agents = await agentsOf(written);
    await sandbox.killSupervisor();
    for (const pid of agents) if (pid) process.kill(pid, 'SIGTERM');
    await until(async () => (await agentsOf(written)).every((pid) => pid === undefined), 'their end');
    const left = await leftOver(written);
    // Those two need a supervisor, which nobody has started: a fault that was called off is for whoever did so.
    expect(left.sort()).toEqual(['app/blue-2 does not run', 'app/blue-3 has variables of a fault']);
  });
});

describe('a new supervisor', () => {
  test('takes back at once what an earlier one left, also what has time left', async () => {
    const live = await sandbox.live({ instances: 3 });
    await Promise.all(injectAll(live, 120_000));
    await sandbox.killSupervisor();
    const written = sandbox.state().faults;
    expect((await faultsOf(live.target).active()).map(({ id }) => id).sort()).toEqual([...names].sort());
    expect(await sandbox.supervisorPid()).toBeUndefined();
    await live.lease.renew();
    await until(async () => (await faultsOf(live.target).active()).length === 0, 'the end of all faults');
    expect(await leftOver(written)).toEqual([]);
    await sandbox.remember();
    expect(await sandbox.supervisorLog()).toContain('because an earlier supervisor left it');
  });

  test('takes back what it finds when the agents were killed as well', async () => {
    const live = await sandbox.live({ instances: 3 });
    await Promise.all(injectAll(live, 120_000));
    const written = sandbox.state().faults;
    const agents = await agentsOf(written);
    await sandbox.killSupervisor();
    for (const pid of agents) if (pid) process.kill(pid, 'SIGKILL');
    const left = await leftOver(written);
    expect(left).toContain('app/blue-1 is frozen');
    expect(left.filter((one) => one.startsWith('.cutover'))).toHaveLength(2);
    // Whoever wants them gone is enough of a reason to start one.
    for (const name of names) await faultsOf(live.target).revert(name);
    expect(await leftOver(written)).toEqual([]);
    await sandbox.remember();
  });

  test('finds them handed over', async () => {
    const live = await sandbox.live({ instances: 3 });
    await Promise.all(injectAll(live, 120_000));
    const written = sandbox.state().faults;
    process.kill((await sandbox.supervisorPid()) ?? 0, 'SIGUSR2');
    await until(async () => (await sandbox.supervisorPid()) === undefined, 'its end');
    await live.lease.renew();
    await until(async () => (await faultsOf(live.target).active()).length === 0, 'the end of all faults');
    expect(await leftOver(written)).toEqual([]);
    await sandbox.remember();
  });
});

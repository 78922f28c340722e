import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { identityOf } from '../../../../src/platform/daemons.ts';
import { membersOf } from '../../../../src/platform/process-table.ts';
import { stopLocal } from '../../../../src/targets/local/index.ts';
import {
  agentOf,
  blue,
  faultsOf,
  firstOf,
  inject,
  read,
  storedFault,
  untilReady,
} from '../../../support/fault-sandbox.ts';
import { LocalSandbox, moody, until } from '../../../support/local-sandbox.ts';

let sandbox: LocalSandbox;
beforeEach(async () => {
  sandbox = await LocalSandbox.create();
});
afterEach(() => sandbox.end());

const one = ['app/blue-1'];

/** Short enough to be seen to fall ill while it does not answer. */
const impatient = moody('good', { health: { ...moody().health, timeout: 100 } });

describe('signal', () => {
  test('SIGKILL ends the process and its children, and the supervisor heals it', async () => {
    const live = await sandbox.live();
    const child = Number(await sandbox.get((await blue(live.target)).url, '/child'));
    const before = await firstOf(live.target);
    await inject(live, { kind: 'signal', instances: one, signal: 'SIGKILL' });
    expect(await identityOf(before.pid ?? 0)).not.toBe(before.identity);
    await until(async () => (await identityOf(child)) === undefined, 'the end of its child');
    await untilReady(live.target);
    const after = await firstOf(live.target);
    expect(after).toMatchObject({ process: 'running', restarts: before.restarts + 1 });
    expect(after.identity).not.toBe(before.identity);
    expect(await faultsOf(live.target).revert('fault')).toBe('gone');
    expect(await faultsOf(live.target).active()).toEqual([]);
  });

  test('SIGTERM is heard by the process', async () => {
    const live = await sandbox.live({ component: moody('stubborn') });
    const before = await firstOf(live.target);
    await inject(live, { kind: 'signal', instances: one, signal: 'SIGTERM' });
    expect(await firstOf(live.target)).toMatchObject({ pid: before.pid, process: 'running', restarts: 0 });
    await inject(live, { kind: 'signal', instances: one, signal: 'SIGHUP' }, { id: 'second' });
    await until(async () => (await firstOf(live.target)).restarts === 1, 'its end on SIGHUP');
  });
});

describe('pause', () => {
  test('freezes the whole group until it is reverted', async () => {
    const live = await sandbox.live({ component: impatient });
    const { url, pid = 0 } = await blue(live.target);
    await sandbox.get(url, '/child');
    await inject(live, { kind: 'pause', instances: one });
    const frozen = await membersOf(pid);
    expect(frozen.length).toBe(2);
    expect(frozen.every(({ isStopped }) => isStopped)).toBe(true);
    expect(await firstOf(live.target)).toMatchObject({ process: 'stopped', pid });
    await until(async () => (await blue(live.target)).status === 'unhealthy', 'it to fall ill');
    expect(await faultsOf(live.target).revert('fault')).toBe('reverted');
    expect((await membersOf(pid)).some(({ isStopped }) => isStopped)).toBe(false);
    await untilReady(live.target);
    expect(await firstOf(live.target)).toMatchObject({ process: 'running', pid, restarts: 0 });
  });

  test('of a process that is killed meanwhile leaves nothing to undo', async () => {
    const live = await sandbox.live();
    const { pid = 0 } = await blue(live.target);
    await inject(live, { kind: 'pause', instances: one });
    await inject(live, { kind: 'signal', instances: one, signal: 'SIGKILL' }, { id: 'kill' });
    await untilReady(live.target);
    expect((await blue(live.target)).pid).not.toBe(pid);
    expect(await faultsOf(live.target).revert('fault')).toBe('gone');
  });

  test('an agent that is killed is not missed: the process goes on', async () => {
    const live = await sandbox.live();
    await inject(live, { kind: 'pause', instances: one });
    const agent = await agentOf(storedFault(sandbox));
    process.kill(agent ?? 0, 'SIGKILL');
    await until(async () => (await firstOf(live.target)).process === 'running', 'it to go on');
    await until(async () => (await faultsOf(live.target).active()).length === 0, 'the fault to be forgotten');
    expect(await sandbox.supervisorLog()).toContain('its agent has ended');
  });
});

describe('restart', () => {
  test('ends the process in an orderly way and starts another one', async () => {
    const live = await sandbox.live();
    const before = await firstOf(live.target);
    const what = { kind: 'restart', instances: one, graceMs: 5_000, env: {}, lie: undefined } as const;
    await inject(live, what);
    const after = await firstOf(live.target);
    expect(after).toMatchObject({ process: 'running', restarts: 1 });
    expect(after.identity).not.toBe(before.identity);
    await untilReady(live.target);
    expect(await faultsOf(live.target).revert('fault')).toBe('gone');
    expect((await firstOf(live.target)).identity).toBe(after.identity);
  });

  test('one that does not end on SIGTERM is killed after its grace', async () => {
    const live = await sandbox.live({ component: moody('stubborn') });
    const before = await firstOf(live.target);
    const what = { kind: 'restart', instances: one, graceMs: 50, env: {}, lie: undefined } as const;
    await inject(live, what);
    expect((await firstOf(live.target)).identity).not.toBe(before.identity);
  });

  test('with variables until it is reverted, also over a crash', async () => {
    const live = await sandbox.live();
    const environment = async () =>
      JSON.parse(await sandbox.get((await blue(live.target)).url, '/environment'));
    const env = { EXTRA: 'yes', MOOD: 'good' };
    const what = { kind: 'restart', instances: one, graceMs: 5_000, env, lie: undefined } as const;
    await inject(live, what);
    await untilReady(live.target);
    expect(await environment()).toMatchObject(env);
    await inject(live, { kind: 'signal', instances: one, signal: 'SIGKILL' }, { id: 'kill' });
    await untilReady(live.target);
    expect(await environment()).toMatchObject(env);
    expect(await faultsOf(live.target).revert('fault')).toBe('reverted');
    await untilReady(live.target);
    expect(await environment()).not.toHaveProperty('EXTRA');
    expect(await faultsOf(live.target).revert('fault')).toBe('gone');
  });

  test('two at once are undone one by one', async () => {
    const live = await sandbox.live();
    const restart = (env: Record<string, string>) =>
      ({ kind: 'restart', instances: one, graceMs: 5_000, env, lie: undefined }) as const;
    await inject(live, restart({ A: '1', B: '1' }), { id: 'first' });
    await inject(live, restart({ B: '2' }), { id: 'second' });
    await untilReady(live.target);
    const environment = async () =>
      JSON.parse(await sandbox.get((await blue(live.target)).url, '/environment'));
    expect(await environment()).toMatchObject({ A: '1', B: '2' });
    await faultsOf(live.target).revert('first');
    await untilReady(live.target);
    expect(await environment()).toMatchObject({ B: '2' });
    expect(await environment()).not.toHaveProperty('A');
    await faultsOf(live.target).revert('second');
    await untilReady(live.target);
    expect(await environment()).not.toHaveProperty('B');
  });
});

describe('down', () => {
  test('stops an instance and keeps it down until it is reverted', async () => {
    const live = await sandbox.live({ instances: 2 });
    const { pid = 0 } = await blue(live.target);
    await inject(live, { kind: 'down', instances: one });
    expect(await identityOf(pid)).toBeUndefined();
    expect(await firstOf(live.target)).toMatchObject({ status: 'exited', process: 'gone', pid: undefined });
    expect((await blue(live.target)).detail).toContain('held down by the fault "fault"');
    expect((await sandbox.who(live.origin)).instance).toBe('app/blue-2');
    expect(await faultsOf(live.target).revert('fault')).toBe('reverted');
    expect(await firstOf(live.target)).toMatchObject({ process: 'running', restarts: 1 });
    await untilReady(live.target);
  });

  test('is no crash', async () => {
    const live = await sandbox.live();
    await inject(live, { kind: 'down', instances: one });
    await faultsOf(live.target).revert('fault');
    await untilReady(live.target);
    expect(await sandbox.supervisorLog()).not.toContain('; restart ');
  });
});

describe('what goes on while a fault is active', () => {
  const faults = [
    { kind: 'pause', instances: one },
    { kind: 'down', instances: one },
    { kind: 'restart', instances: one, graceMs: 100, env: { A: '1' }, lie: undefined },
  ] as const;

  test.each(faults)('$kind: switching away and retiring', async (what) => {
    const live = await sandbox.live();
    const { target, lease, route } = live;
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
    const { pid = 0 } = await blue(target);
    await inject(live, what);
    await route.switchTo('green', { expecting: 1, token: lease.token });
    await route.verify('green');
    await target.retire({
      ...{ component: 'app', color: 'blue', token: lease.token },
      ...{ drainMs: 300, quietMs: 0, keepMs: 0 },
    });
    expect(await identityOf(pid)).toBeUndefined();
    expect((await target.inspect()).components['app']?.colors.blue.status).toBe('absent');
    expect((await firstOf(target)).process).toBe('gone');
    expect(await faultsOf(target).revert('fault')).toBe('gone');
    expect(await faultsOf(target).active()).toEqual([]);
  });

  test.each(faults)('$kind: preparing the colour with another release', async (what) => {
    const { target, lease } = await sandbox.live();
    const green = { ...what, instances: ['app/green-1'] };
    await sandbox.prepare(target, lease, { color: 'green', version: 'v2' });
    await inject({ target, lease }, green);
    await sandbox.prepare(target, lease, { color: 'green', version: 'v3' });
    const [instance] = await target.instances('app', 'green');
    expect(instance).toMatchObject({ status: 'ready' });
    expect(await faultsOf(target).revert('fault')).toBe('gone');
    expect((await target.instances('app', 'green'))[0]?.pid).toBe(instance?.pid);
  });

  test.each(faults)('$kind: stopping everything', async (what) => {
    const live = await sandbox.live();
    const { pid = 0 } = await blue(live.target);
    await inject(live, what);
    const agent = await agentOf(storedFault(sandbox));
    expect(agent).toBeDefined();
    await stopLocal({ platform: sandbox.platform, stateFolder: sandbox.stateFolder, graceMs: 1_000 });
    expect(await identityOf(pid)).toBeUndefined();
    expect(await identityOf(agent ?? 0)).toBeUndefined();
    expect(sandbox.state().faults).toEqual([]);
    await live.lease.renew();
    await untilReady(live.target);
    const { url } = await blue(live.target);
    expect(JSON.parse(await sandbox.get(url, '/environment'))).not.toHaveProperty('A');
  });

  test('it is shown', async () => {
    const live = await sandbox.live();
    const what = { kind: 'pause', instances: one } as const;
    await inject(live, what, { ttlMs: 60_000 });
    const [fault] = await faultsOf(live.target).active();
    expect(fault).toMatchObject({ id: 'fault', what });
    expect((fault?.until ?? 0) - (fault?.since ?? 0)).toBe(60_000);
    const reading = await read(live.target, ['app/blue-1', 'app/blue-9']);
    expect(reading.instances[1]).toMatchObject({ id: 'app/blue-9', process: 'gone', pid: undefined });
    expect(reading).toMatchObject({ touched: undefined, cpuMs: undefined, syncWriteMs: undefined });
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Disturbance } from '../../../../src/targets/fault.ts';
import { localDisturbances } from '../../../../src/targets/local/disturbances.ts';
import { kindOf } from '../../../../src/targets/local/supervisor/faults/index.ts';
import {
  agentOf,
  blue,
  faultsOf,
  firstOf,
  inject,
  isThere,
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
const pause = { kind: 'pause', instances: one } as const;
const kill = { kind: 'signal', instances: one, signal: 'SIGKILL' } as const;

describe('injecting', () => {
  test('the same id twice is one fault, also at once', async () => {
    const live = await sandbox.live();
    const signal = { kind: 'signal', instances: one, signal: 'SIGKILL' } as const;
    await Promise.all([inject(live, signal), inject(live, signal)]);
    await untilReady(live.target);
    const { identity, restarts } = await firstOf(live.target);
    expect(restarts).toBe(1);
    await inject(live, signal);
    expect(await firstOf(live.target)).toMatchObject({ identity, restarts: 1 });
    expect(await faultsOf(live.target).active()).toHaveLength(1);
  });

  test('a revert right behind it, of a run that is cancelled, leaves nothing', async () => {
    const live = await sandbox.live();
    for (const what of [pause, { kind: 'down', instances: one } as const]) {
      const injecting = inject(live, what).catch((error: Error) => error.message);
      const reverting = faultsOf(live.target).revert('fault');
      expect(await injecting).toBe('the fault was reverted while it was being injected');
      expect([await reverting, await faultsOf(live.target).active()]).toEqual(['gone', []]);
    }
  });

  test('two that are different act both', async () => {
    const live = await sandbox.live();
    await inject(live, pause, { id: 'one' });
    await inject(live, { kind: 'cpu', instances: [], workers: 1, load: 0.1 }, { id: 'two' });
    expect((await faultsOf(live.target).active()).map(({ id }) => id)).toEqual(['one', 'two']);
    await faultsOf(live.target).revert('one');
    expect((await faultsOf(live.target).active()).map(({ id }) => id)).toEqual(['two']);
    expect((await read(live.target, one, 'two')).cpuMs).toBeGreaterThanOrEqual(0);
  });

  test('is for the holder of the newest lease only; reverting is for everybody', async () => {
    const live = await sandbox.live();
    await inject(live, pause);
    await live.lease.release();
    const later = await live.target.lease.acquire({ holder: 'later', ttlMs: 60_000 });
    const stale = { kind: 'down', instances: one } as const;
    await expect(inject(live, stale, { id: 'stale' })).rejects.toMatchObject({ name: 'Fenced' });
    await expect(inject(live, pause)).rejects.toMatchObject({ name: 'Fenced' });
    expect((await faultsOf(live.target).active()).map(({ id }) => id)).toEqual(['fault']);
    const other = await sandbox.open();
    expect(await faultsOf(other).revert('fault')).toBe('reverted');
    expect((await firstOf(live.target)).process).toBe('running');
    await inject({ target: other, lease: later }, stale, { id: 'stale' });
    expect((await firstOf(live.target)).process).toBe('gone');
  });

  test('is written down before it acts', async () => {
    const live = await sandbox.live({ component: moody('stubborn') });
    const { pid, identity } = await firstOf(live.target);
    const injected = inject(live, {
      kind: 'restart',
      instances: one,
      graceMs: 1_000,
      env: { A: '1' },
      lie: undefined,
    });
    await until(async () => (await agentOf(storedFault(sandbox))) !== undefined, 'its agent');
    // The process still has its grace.
    expect(storedFault(sandbox)).toMatchObject({
      id: 'fault',
      processes: [{ instance: 'app/blue-1', pid, identity }],
    });
    await injected;
    expect((await firstOf(live.target)).identity).not.toBe(identity);
  });

  test.each([
    { what: { ...pause, instances: ['app/blue-7'] }, says: 'there is no instance app/blue-7' },
    { what: { ...pause, instances: [] }, says: 'no instance is named' },
    {
      what: {
        kind: 'network',
        component: 'other',
        color: 'blue',
        instances: 'all',
        effect: { effect: 'slow-close', delayMs: 1 },
      },
      says: 'nothing was ever released as other',
    },
    { what: { kind: 'eclipse' } as unknown as Disturbance, says: 'no fault of the kind "eclipse"' },
  ] as const)('is refused where it cannot be done: $says', async ({ what, says }) => {
    const live = await sandbox.live();
    expect(await faultsOf(live.target).obstacle(what)).toContain(says);
    await expect(inject(live, what)).rejects.toThrow(says);
    expect(sandbox.state().faults).toEqual([]);
  });

  test('is refused where a process is gone, or for a time that makes no sense', async () => {
    const live = await sandbox.live();
    expect(await faultsOf(live.target).obstacle(pause)).toBeUndefined();
    await inject(live, { kind: 'down', instances: one }, { id: 'down' });
    expect(await faultsOf(live.target).obstacle(pause)).toBe('app/blue-1 has no running process');
    for (const ttlMs of [0, -1, 25 * 3_600_000]) {
      await expect(inject(live, kill, { ttlMs })).rejects.toThrow('lasts from 1 ms to 24 h');
    }
  });
});

describe('reverting', () => {
  test('twice, at once, and what never was', async () => {
    const live = await sandbox.live();
    await inject(live, pause);
    const both = await Promise.all([
      faultsOf(live.target).revert('fault'),
      faultsOf(live.target).revert('fault'),
    ]);
    expect(both).toEqual(['reverted', 'reverted']);
    expect(await faultsOf(live.target).revert('fault')).toBe('gone');
    expect(await faultsOf(live.target).revert('never')).toBe('gone');
  });

  test('does not wait for a process that has its grace', async () => {
    const live = await sandbox.live({ component: moody('stubborn') });
    const { identity } = await firstOf(live.target);
    const what = {
      kind: 'restart',
      instances: one,
      graceMs: 60_000,
      env: { A: '1' },
      lie: undefined,
    } as const;
    const refused = expect(inject(live, what)).rejects.toThrow('reverted while it was being injected');
    await until(async () => (await blue(live.target)).status === 'starting', 'the restart');
    await faultsOf(live.target).revert('fault');
    await refused;
    expect((await firstOf(live.target)).identity).toBe(identity);
    expect(sandbox.state().faults).toEqual([]);
  });

  test('keeps a fault that cannot be undone, and goes on trying', async () => {
    const live = await sandbox.live();
    const { url } = await blue(live.target);
    expect(await sandbox.get(url, '/who')).toContain('v1');
    await inject(live, { kind: 'restart', instances: one, graceMs: 100, env: { A: '1' }, lie: undefined });
    await untilReady(live.target);
    // What is to be started is gone for a moment.
    const { rename } = await import('node:fs/promises');
    await rename(`${sandbox.folder}/app`, `${sandbox.folder}/elsewhere`);
    const reverting = faultsOf(live.target).revert('fault');
    const settled = reverting.then(
      () => 'reverted',
      (error: Error) => error.message,
    );
    await until(
      async () => (await blue(live.target)).detail?.includes('cannot be started') ?? false,
      'it to fail',
    );
    expect(sandbox.state().faults).toHaveLength(1);
    await rename(`${sandbox.folder}/elsewhere`, `${sandbox.folder}/app`);
    expect(await settled).toBe('reverted');
    await untilReady(live.target);
    expect(JSON.parse(await sandbox.get((await blue(live.target)).url, '/environment'))).not.toHaveProperty(
      'A',
    );
  });
});

describe('without a supervisor', () => {
  test('nothing is started by looking', async () => {
    const target = await sandbox.open();
    expect(await faultsOf(target).active()).toEqual([]);
    expect(await faultsOf(target).revert('any')).toBe('gone');
    expect(await faultsOf(target).obstacle(pause)).toContain('nothing runs here');
    await expect(read(target)).rejects.toThrow('nothing runs here');
    expect(await isThere(sandbox.stateFolder)).toBe(false);
  });
});

test('there is a file for each kind that the target says it knows', () => {
  expect(localDisturbances.filter((kind) => kindOf(kind) === undefined)).toEqual([]);
  expect(kindOf('toString')).toBeUndefined();
});

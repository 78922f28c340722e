import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { diskRoom, memoryRoom } from '../../../../src/platform/machine.ts';
import { faultKey } from '../../../../src/targets/local/paths.ts';
import { fillingOf } from '../../../../src/targets/local/supervisor/faults/reserve.ts';
import {
  agentOf,
  dataFolder,
  faultsOf,
  inject,
  leftInData,
  mib,
  read,
  storedFault,
} from '../../../support/fault-sandbox.ts';
import { LocalSandbox, until } from '../../../support/local-sandbox.ts';

describe('a real fault', () => {
  let sandbox: LocalSandbox;
  beforeEach(async () => {
    sandbox = await LocalSandbox.create();
  });
  afterEach(() => sandbox.end());

  /** Reverts and looks whether nothing of it is left. */
  async function reverted(target: Awaited<ReturnType<typeof sandbox.live>>['target']): Promise<void> {
    const stored = storedFault(sandbox);
    expect(await agentOf(stored)).toBeDefined();
    expect(await faultsOf(target).revert('fault')).toBe('reverted');
    expect(await agentOf(stored)).toBeUndefined();
    expect(await leftInData(sandbox)).toEqual([]);
    expect(await faultsOf(target).active()).toEqual([]);
    expect(await faultsOf(target).revert('fault')).toBe('gone');
  }

  test('cpu: its workers use at least four fifths of what was asked', async () => {
    const live = await sandbox.live();
    // So little can be had on a busy machine, too; what it cannot give at once is made up for.
    await inject(live, { kind: 'cpu', instances: [], workers: 2, load: 0.05 });
    const before = await read(live.target);
    let share = 0;
    await until(async () => {
      await delay(200);
      const now = await read(live.target);
      share = ((now.cpuMs ?? 0) - (before.cpuMs ?? 0)) / (now.at - before.at);
      return now.at - before.at >= 3_000 && share >= 0.08;
    }, 'four fifths of a tenth of a core');
    // No more than was asked, and what may be made up for.
    expect(share).toBeLessThan(0.1 + (2 * 500) / 3_000);
    await reverted(live.target);
  });

  test('memory: as much as was asked is resident', async () => {
    const live = await sandbox.live();
    const bytes = 96 * mib;
    await inject(live, { kind: 'memory', instances: [], bytes });
    expect((await read(live.target)).memoryBytes).toBeGreaterThanOrEqual(bytes);
    await reverted(live.target);
    expect((await read(live.target)).memoryBytes).toBeUndefined();
  });

  test('disk-fill: as many blocks as were asked are occupied', async () => {
    const live = await sandbox.live();
    const bytes = 24 * mib + 5;
    await inject(live, { kind: 'disk-fill', component: 'app', bytes, leaveBytes: undefined });
    const { diskBytes, syncWriteMs } = await read(live.target);
    expect(diskBytes).toBeGreaterThanOrEqual(bytes);
    expect(syncWriteMs).toBeGreaterThan(0);
    expect(await leftInData(sandbox)).toHaveLength(1);
    await reverted(live.target);
  });

  test('disk-fill: where much is to be left', async () => {
    const live = await sandbox.live();
    const leaveBytes = (await diskRoom(dataFolder(sandbox))).freeBytes / 2;
    await inject(live, { kind: 'disk-fill', component: 'app', bytes: 8 * mib, leaveBytes });
    expect((await read(live.target)).diskBytes).toBeGreaterThanOrEqual(8 * mib);
    await reverted(live.target);
  });

  test('disk-slow: writes without a pause, and is seen by a small write of ours', async () => {
    const live = await sandbox.live();
    expect(
      (await faultsOf(live.target).read({ id: undefined, instances: [], component: 'app' })).syncWriteMs,
    ).toBeGreaterThan(0);
    await inject(live, { kind: 'disk-slow', component: 'app', workers: 2 });
    await until(async () => ((await read(live.target)).diskBytes ?? 0) >= 8 * mib, 'writes');
    expect((await read(live.target)).syncWriteMs).toBeGreaterThan(0);
    await reverted(live.target);
  });

  test('is taken back while it is being injected', async () => {
    const live = await sandbox.live();
    const bytes = Math.min(8 * 1024 * mib, (await diskRoom(dataFolder(sandbox))).freeBytes / 2);
    const injected = inject(live, { kind: 'disk-fill', component: 'app', bytes, leaveBytes: undefined });
    const refused = expect(injected).rejects.toThrow('reverted while it was being injected');
    await until(async () => (await leftInData(sandbox)).length > 0, 'the file');
    const stored = storedFault(sandbox);
    await faultsOf(live.target).revert('fault');
    await refused;
    expect(await leftInData(sandbox)).toEqual([]);
    expect(await agentOf(stored)).toBeUndefined();
  });

  test.each([
    { what: { kind: 'cpu', instances: [], workers: 0, load: 1 }, says: '0 workers: 1 to 256' },
    { what: { kind: 'cpu', instances: [], workers: 1, load: 1.5 }, says: 'a load of 1.5' },
    { what: { kind: 'memory', instances: [], bytes: memoryRoom().totalBytes }, says: 'for everybody else' },
    { what: { kind: 'memory', instances: [], bytes: 0 }, says: '0 bytes cannot be taken' },
    {
      what: { kind: 'disk-fill', component: 'app', bytes: 1e18, leaveBytes: undefined },
      says: 'say how much is to be left',
    },
    {
      what: { kind: 'disk-fill', component: 'app', bytes: undefined, leaveBytes: 1e18 },
      says: 'are free already',
    },
    { what: { kind: 'disk-slow', component: 'app', workers: 65 }, says: '65 workers' },
    {
      what: { kind: 'disk-slow', component: 'other', workers: 1 },
      says: 'nothing was ever released as other',
    },
  ] as const)('$what.kind is refused: $says', async ({ what, says }) => {
    const live = await sandbox.live();
    expect(await faultsOf(live.target).obstacle(what)).toContain(says);
    await expect(inject(live, what)).rejects.toMatchObject({ name: 'UserError' });
    await expect(inject(live, what)).rejects.toThrow(says);
    expect(sandbox.state().faults).toEqual([]);
    expect(await leftInData(sandbox)).toEqual([]);
  });

  test('an agent that cannot do its work says why, and nothing is left', async () => {
    const live = await sandbox.live();
    // A folder stands where the file has to be.
    const file = join(dataFolder(sandbox), `.cutover-fault-${faultKey('fault')}`);
    await mkdir(file);
    await writeFile(join(file, 'x'), '');
    const what = { kind: 'disk-fill', component: 'app', bytes: mib, leaveBytes: undefined } as const;
    await expect(inject(live, what)).rejects.toThrow('EISDIR');
    expect(await faultsOf(live.target).active()).toEqual([]);
  });
});

describe('how a disk is filled', () => {
  const room = { freeBytes: 1_000 * mib, totalBytes: 10_000 * mib };
  test.each([
    { bytes: 100 * mib, leaveBytes: undefined, is: { bytes: 100 * mib, ifFull: 'reject' } },
    { bytes: 744 * mib, leaveBytes: undefined, is: { bytes: 744 * mib, ifFull: 'reject' } },
    {
      bytes: 744 * mib + 1,
      leaveBytes: undefined,
      is: { obstacle: expect.stringContaining('less than 256 MiB') },
    },
    { bytes: undefined, leaveBytes: 10 * mib, is: { bytes: 990 * mib, ifFull: 'stop' } },
    { bytes: undefined, leaveBytes: 0, is: { bytes: 1_000 * mib, ifFull: 'stop' } },
    { bytes: 5 * mib, leaveBytes: 10 * mib, is: { bytes: 5 * mib, ifFull: 'stop' } },
    { bytes: 5_000 * mib, leaveBytes: 10 * mib, is: { bytes: 990 * mib, ifFull: 'stop' } },
    { bytes: undefined, leaveBytes: 1_000 * mib, is: { obstacle: expect.stringContaining('free already') } },
    { bytes: undefined, leaveBytes: undefined, is: { obstacle: expect.stringContaining('neither') } },
  ])('$bytes bytes, leaving $leaveBytes', ({ bytes, leaveBytes, is }) => {
    expect(fillingOf({ bytes, leaveBytes }, room)).toEqual(is);
  });

  test('a small disk keeps a twentieth', () => {
    const small = { freeBytes: 90 * mib, totalBytes: 100 * mib };
    expect(fillingOf({ bytes: 85 * mib, leaveBytes: undefined }, small)).toHaveProperty('bytes');
    expect(fillingOf({ bytes: 86 * mib, leaveBytes: undefined }, small)).toHaveProperty('obstacle');
  });

  test('this machine has less free than there is', async () => {
    expect(memoryRoom().freeBytes).toBeLessThanOrEqual(memoryRoom().totalBytes);
    expect((await diskRoom('/')).freeBytes).toBeLessThanOrEqual((await diskRoom('/')).totalBytes);
  });
});

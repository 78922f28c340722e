import { join } from 'node:path';
import { identityOf } from '../../../../platform/daemons.ts';
import { timeSyncWrite } from '../../../../platform/disk.ts';
import { memoryRoom } from '../../../../platform/machine.ts';
import { leaderOf } from '../../../../platform/process-table.ts';
import type { FaultReading } from '../../../fault.ts';
import type { StoredFault } from '../../state.ts';
import { kindOf } from './index.ts';
import type { Scene } from './kind.ts';
import { dataRoom } from './room.ts';

type InstanceReading = FaultReading['instances'][number];

/** One look at instances and at what a fault has done. A disk is only written to where the fault is about the disk. */
export async function readingOf(
  asked: {
    /** No fault is asked for. */
    isBare: boolean;
    fault: StoredFault | undefined;
    instances: readonly string[];
    component: string;
  },
  scene: Scene,
): Promise<FaultReading> {
  const { fault, component } = asked;
  const counts = (fault && (await kindOf(fault.what.kind)?.counts?.(fault, scene))) ?? {};
  const isAboutDisk = asked.isBare || fault?.what.kind === 'disk-fill' || fault?.what.kind === 'disk-slow';
  return {
    at: scene.supervision.platform.clock.now(),
    instances: await Promise.all(asked.instances.map((id) => readInstance(id, scene))),
    touched: counts.touched,
    passedBytes: counts.passedBytes,
    cpuMs: counts.cpuMs,
    memoryBytes: counts.memoryBytes,
    diskBytes: counts.diskBytes,
    memoryAvailableBytes: memoryRoom().freeBytes,
    diskFreeBytes: isAboutDisk ? await freeBytes(component, scene) : undefined,
    syncWriteMs: isAboutDisk ? await syncWriteMs(component, scene) : undefined,
  };
}

async function readInstance(id: string, scene: Scene): Promise<InstanceReading> {
  const member = scene.member(id);
  const { pid, identity } = member?.process ?? { pid: undefined, identity: undefined };
  const described = member?.describe();
  return {
    id,
    status: described?.status ?? 'exited',
    pid,
    identity,
    process: await stateOf(pid, identity),
    restarts: described?.restarts ?? 0,
  };
}

async function stateOf(
  pid: number | undefined,
  identity: string | undefined,
): Promise<InstanceReading['process']> {
  if (pid === undefined || identity === undefined || (await identityOf(pid)) !== identity) return 'gone';
  const leader = await leaderOf(pid);
  if (!leader) return 'gone';
  return leader.isStopped ? 'stopped' : 'running';
}

const freeBytes = async (component: string, { supervision }: Scene): Promise<number | undefined> =>
  (await dataRoom(component, supervision).catch(() => undefined))?.freeBytes;

let probes = 0;
/** A single write may be slow or fast by chance. */
const writesPerLook = 3;

/** The middle of a few writes, one after the other. */
async function syncWriteMs(component: string, { supervision }: Scene): Promise<number | undefined> {
  const times: number[] = [];
  for (let write = 0; write < writesPerLook; write += 1) {
    probes += 1;
    const name = `.cutover-probe-${process.pid}-${probes}`;
    const ms = await timeSyncWrite(join(supervision.paths.data(component), name));
    if (ms === undefined) return undefined;
    times.push(ms);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(writesPerLook / 2)];
}

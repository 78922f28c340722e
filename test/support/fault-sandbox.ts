import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findGroupLeader, identityOf } from '../../src/platform/daemons.ts';
import { membersOf } from '../../src/platform/process-table.ts';
import type { Disturbance, FaultControl, FaultReading } from '../../src/targets/fault.ts';
import type { StoredFault, StoredInstance } from '../../src/targets/local/state.ts';
import type { Instance, Lease, Target } from '../../src/targets/target.ts';
import { type LocalSandbox, until } from './local-sandbox.ts';

export const mib = 1024 * 1024;

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The faults of a target that has some. */
export function faultsOf(target: Target): FaultControl {
  if (!target.faults) throw new Error('this target offers no faults');
  return target.faults;
}

/** Injects with a time to live that no test needs, unless it says so. */
export function inject(
  { target, lease }: { target: Target; lease: Pick<Lease, 'token'> },
  what: Disturbance,
  options: { id?: string; ttlMs?: number } = {},
): Promise<void> {
  const { id = 'fault', ttlMs = 120_000 } = options;
  return faultsOf(target).inject({ id, what, ttlMs, token: lease.token });
}

export const read = (target: Target, instances: readonly string[] = ['app/blue-1'], id = 'fault') =>
  faultsOf(target).read({ id, instances, component: 'app' });

export async function firstOf(target: Target): Promise<FaultReading['instances'][number]> {
  const [first] = (await read(target)).instances;
  if (!first) throw new Error('nothing was read');
  return first;
}

export async function blue(target: Target, index = 0): Promise<Instance> {
  const instance = (await target.instances('app', 'blue'))[index];
  if (!instance) throw new Error(`there is no blue instance ${index}`);
  return instance;
}

export const untilReady = (target: Target, index = 0): Promise<void> =>
  until(async () => (await blue(target, index)).status === 'ready', 'a ready instance');

export const dataFolder = (sandbox: LocalSandbox): string => join(sandbox.stateFolder, 'data', 'app');

/** What faults have left in the component's data folder. */
export async function leftInData(sandbox: LocalSandbox): Promise<string[]> {
  const names = await readdir(dataFolder(sandbox)).catch(() => []);
  return names.filter((name) => name.startsWith('.cutover'));
}

export function storedFault(sandbox: LocalSandbox): StoredFault | undefined {
  return sandbox.state().faults?.[0];
}

/** The process of a fault's agent, found the way a new supervisor finds it. */
export const agentOf = (fault: StoredFault | undefined): Promise<number | undefined> =>
  findGroupLeader('CUTOVER_FAULT_AGENT', fault?.startId ?? 'none');

/** As written down; for when nobody may be asked. */
export function storedBlue(sandbox: LocalSandbox): StoredInstance | undefined {
  return sandbox.state().components['app']?.colors.blue?.instances[0];
}

/** Whether the instance runs, with nothing of it frozen, and with no variables of a fault. */
export async function runsUntouched(sandbox: LocalSandbox): Promise<boolean> {
  const stored = storedBlue(sandbox);
  if (!stored?.pid || (stored.under ?? []).length > 0) return false;
  if ((await identityOf(stored.pid)) !== stored.identity) return false;
  return (await membersOf(stored.pid)).every(({ isStopped }) => !isStopped);
}

import type { Evidence, FaultAim, Probe } from '../../../src/chaos/fault.ts';
import type { FaultReading } from '../../../src/targets/fault.ts';
import type { Instance } from '../../../src/targets/target.ts';
import { fileWith } from '../harness.ts';

export type Seen = FaultReading['instances'][number];

export const seen = (id: string, changes: Partial<Seen> = {}): Seen => ({
  id,
  status: 'ready',
  pid: 100,
  identity: `${id}#1`,
  process: 'running',
  restarts: 0,
  ...changes,
});

export const reading = (instances: readonly Seen[], changes: Partial<FaultReading> = {}): FaultReading => ({
  at: 0,
  instances,
  touched: undefined,
  passedBytes: undefined,
  cpuMs: undefined,
  memoryBytes: undefined,
  diskBytes: undefined,
  memoryAvailableBytes: undefined,
  diskFreeBytes: undefined,
  syncWriteMs: undefined,
  ...changes,
});

/** Answered probes with these round trips, in milliseconds. */
export const probes = (times: readonly number[], changes: Partial<Probe> = {}): readonly Probe[] =>
  times.map((ms, index) => ({
    at: index * 100,
    ms,
    outcome: 'answered',
    status: 200,
    serverTime: undefined,
    bytes: 2,
    ...changes,
  }));

export const evidence = (parts: {
  before?: Partial<Evidence['before']>;
  during?: Partial<Evidence['during']>;
}): Evidence => ({
  before: { reading: reading([]), probes: [], meter: undefined, ...parts.before },
  during: { readings: [], probes: [], meter: undefined, until: 10_000, ...parts.during },
});

export const instance = (id: string, changes: Partial<Instance> = {}): Instance => ({
  id,
  component: 'gateway',
  color: 'green',
  status: 'ready',
  url: `http://${id}.test`,
  pid: 100,
  restarts: 0,
  detail: undefined,
  ...changes,
});

export function aimAt(chosen: readonly string[], all: readonly string[] = chosen): FaultAim {
  const component = fileWith('[]').components['gateway'];
  if (!component) throw new Error('no gateway');
  return {
    component,
    color: 'green',
    chosen: chosen.map((id) => instance(id)),
    all: all.map((id) => instance(id)),
  };
}

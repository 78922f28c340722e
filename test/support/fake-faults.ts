import type { Clock } from '../../src/platform/clock.ts';
import type { Disturbance, FaultControl, FaultReading } from '../../src/targets/fault.ts';
import type { Instance } from '../../src/targets/target.ts';

/** What is broken in a fake world, and how it behaves when it is. */
export interface FakeFaults {
  active: Map<string, { what: Disturbance; since: number; until: number }>;
  /** By instance; when it is ready again after a signal. */
  downUntil: Map<string, number>;
  /** By instance; how many processes it has had. */
  generation: Map<string, number>;
  /** From a signal until what supervises the instance has it ready again, in milliseconds. */
  healMs: number;
  /** Injected faults do nothing. */
  isDud: boolean;
  /** What stands against every fault. */
  obstacle: string | undefined;
  /** Faults that a revert does not end, by kind. */
  stuck: Set<string>;
  /** Messages of failures of `inject`, by kind. */
  failing: Map<string, Error>;
}

export const fakeFaults = (): FakeFaults => ({
  active: new Map(),
  downUntil: new Map(),
  generation: new Map(),
  healMs: 300,
  isDud: false,
  obstacle: undefined,
  stuck: new Set(),
  failing: new Map(),
});

/** The faults that act now: a timer has ended the others, whether or not anybody came back. */
export function acting({ active }: FakeFaults, now: number) {
  return [...active].filter(([, { until }]) => until > now).map(([id, fault]) => ({ id, ...fault }));
}

const isFrozen = (faults: FakeFaults, id: string, now: number): boolean =>
  acting(faults, now).some(({ what }) => what.kind === 'pause' && what.instances.includes(id));

/** How the faults leave an instance. */
export function faulted(instance: Instance, faults: FakeFaults, now: number): Instance {
  const isDown = (faults.downUntil.get(instance.id) ?? 0) > now;
  if (isDown) return { ...instance, status: 'exited', detail: 'was killed' };
  return isFrozen(faults, instance.id, now)
    ? { ...instance, status: 'unhealthy', detail: 'does not answer' }
    : instance;
}

export interface FaultHooks {
  faults: FakeFaults;
  clock: Clock;
  log: string[];
  call: <T>(name: string, act: () => T | Promise<T>) => Promise<T>;
  fenced: (token: number) => void;
  find: (id: string) => Instance | undefined;
}

export function fakeFaultControl({ faults, clock, log, call, fenced, find }: FaultHooks): FaultControl {
  const look = (id: string): FaultReading['instances'][number] => {
    const instance = find(id);
    const isGone = !instance || instance.status === 'exited';
    const process = isGone ? 'gone' : isFrozen(faults, id, clock.now()) ? 'stopped' : 'running';
    const generation = faults.generation.get(id) ?? 1;
    return {
      id,
      status: instance?.status ?? 'exited',
      pid: isGone ? undefined : generation,
      identity: isGone ? undefined : `${id}#${generation}`,
      process,
      restarts: generation - 1,
    };
  };
  return {
    kinds: ['signal', 'pause', 'network'],
    obstacle: () => call('obstacle', () => faults.obstacle),
    inject: ({ id, what, ttlMs, token }) =>
      call(`inject ${id}`, () => {
        fenced(token);
        const failure = faults.failing.get(what.kind);
        if (failure) throw failure;
        log.push(`inject ${what.kind}`);
        faults.active.set(id, { what, since: clock.now(), until: clock.now() + ttlMs });
        if (faults.isDud || what.kind !== 'signal') return;
        for (const instance of what.instances) {
          faults.downUntil.set(instance, clock.now() + faults.healMs);
          faults.generation.set(instance, (faults.generation.get(instance) ?? 1) + 1);
        }
      }),
    read: ({ instances }) =>
      call('read faults', () => ({
        at: clock.now(),
        instances: instances.map(look),
        touched: undefined,
        passedBytes: undefined,
        cpuMs: undefined,
        memoryBytes: undefined,
        diskBytes: undefined,
        memoryAvailableBytes: undefined,
        diskFreeBytes: undefined,
        syncWriteMs: undefined,
      })),
    revert: (id) =>
      call(`revert ${id}`, () => {
        const fault = acting(faults, clock.now()).find((one) => one.id === id);
        log.push(`revert ${fault?.what.kind ?? 'nothing'}`);
        if (!fault) return 'gone';
        if (!faults.stuck.has(fault.what.kind)) faults.active.delete(id);
        return 'reverted';
      }),
    active: () =>
      call('active faults', () =>
        acting(faults, clock.now()).map(({ id, what, since, until }) => ({ id, what, since, until })),
      ),
  };
}

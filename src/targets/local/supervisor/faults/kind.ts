import type { Disturbance, DisturbanceKind, FaultReading, Reverted } from '../../../fault.ts';
import type { EmbeddedProxy } from '../../proxy/proxy.ts';
import type { StoredFault } from '../../state.ts';
import type { SupervisedInstance } from '../instance.ts';
import type { Supervision } from '../supervision.ts';

/** What faults reach of the supervisor. */
export interface Scene {
  readonly supervision: Supervision;
  /** Of any component and colour; undefined when there is none of that id. */
  member(id: string): SupervisedInstance | undefined;
  /** Undefined when the component was never released. */
  proxy(component: string): EmbeddedProxy | undefined;
  /** All that act now, this one among them. */
  active(): readonly StoredFault[];
  /** The agent of a fault has ended, whether it was told to or not. */
  agentEnded(id: string): void;
}

export type Of<K extends DisturbanceKind> = Extract<Disturbance, { kind: K }>;

/** A fault that is written down. */
export type Placed<D extends Disturbance = Disturbance> = StoredFault & { what: D };

/** What a fault has done so far, as far as its kind counts it. */
export type Counts = Partial<
  Pick<FaultReading, 'touched' | 'passedBytes' | 'cpuMs' | 'memoryBytes' | 'diskBytes'>
>;

/** One kind of disturbance: all there is about it on this target. */
export interface LocalFault<D extends Disturbance = Disturbance> {
  /** Why it cannot be done here and now, beside instances that do not run. Changes nothing. */
  obstacle(what: D, scene: Scene): Promise<string | undefined>;
  /**
   * Resolves when the fault acts. Rejects soon after the signal aborts; what it has done until then `revert` takes back.
   */
  inject(fault: Placed<D>, scene: Scene, signal: AbortSignal): Promise<void>;
  /**
   * Takes it back by what is written down alone, as an earlier supervisor may have injected it, and verifies that nothing
   * is left. Can be repeated.
   * @throws Error when something is left
   */
  revert(fault: Placed<D>, scene: Scene): Promise<Reverted>;
  /** Instead of `revert` where all instances are about to be stopped: takes back what is left beside their processes. */
  leave?(fault: Placed<D>, scene: Scene): Promise<unknown>;
  counts?(fault: Placed<D>, scene: Scene): Promise<Counts>;
}

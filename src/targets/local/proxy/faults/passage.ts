import type { Color } from '../../../target.ts';
import { drawDelayMs } from './delay.ts';
import type { EffectName, EffectOf, FaultRun } from './fault-run.ts';
import type { Faults } from './faults.ts';

/** So long a fault holds something back. */
export interface Delay {
  run: FaultRun;
  ms: number;
}

/**
 * One request with its answer, or one upgraded connection, on its way through the faults of a colour. Each fault rolls
 * its dice once for it, when the two first meet: a share of requests is hit, not of their pieces.
 */
export class Passage {
  /** It has become an upgraded connection. */
  get isUpgraded(): boolean {
    return this.upgraded;
  }

  private upgraded = false;
  private readonly faults: Faults;
  private readonly to: { color: Color; instance: string };
  private readonly drawn = new Map<FaultRun, boolean>();
  private readonly touched = new Set<FaultRun>();
  private hits: readonly FaultRun[] = [];
  private generation = -1;

  constructor(faults: Faults, to: { color: Color; instance: string }) {
    this.faults = faults;
    this.to = to;
  }

  /** The first fault of this effect that hits it. */
  hit<Name extends EffectName>(name: Name): EffectOf<Name> | undefined {
    this.refresh();
    for (const run of this.hits) {
      const effect = run.as(name);
      if (effect !== undefined) return effect;
    }
    return undefined;
  }

  /** The same, when the effect happens now. */
  suffer<Name extends EffectName>(name: Name): EffectOf<Name> | undefined {
    const effect = this.hit(name);
    if (effect !== undefined) for (const run of this.hits) if (run.fault.effect === effect) this.touch(run);
    return effect;
  }

  /** How long one request or piece is held back by `latency`. */
  delays(): readonly Delay[] {
    return this.heldBy('latency', (effect) => drawDelayMs(effect, this.faults.random));
  }

  /** How long a connection is kept open. */
  closeDelays(): readonly Delay[] {
    return this.heldBy('slow-close', ({ delayMs }) => delayMs);
  }

  /** Bandwidths that it shares in. */
  limits(direction: 'requests' | 'answers'): readonly FaultRun[] {
    this.refresh();
    return this.hits.filter((run) => {
      const limit = run.as('bandwidth');
      return limit !== undefined && (limit.direction === 'both' || limit.direction === direction);
    });
  }

  upgrade(): void {
    this.upgraded = true;
  }

  touch(run: FaultRun): void {
    if (this.touched.has(run)) return;
    this.touched.add(run);
    run.counts.touched += 1;
  }

  private heldBy<Name extends EffectName>(name: Name, msOf: (effect: EffectOf<Name>) => number): Delay[] {
    this.refresh();
    return this.hits.flatMap((run) => {
      const effect = run.as(name);
      if (effect === undefined) return [];
      this.touch(run);
      return [{ run, ms: msOf(effect) }];
    });
  }

  /** Meets faults that were set since, and forgets those that have ended. */
  private refresh() {
    const { generation } = this.faults;
    if (generation === this.generation) return;
    this.generation = generation;
    for (const run of this.faults.of(this.to.color))
      if (run.covers(this.to.instance) && !this.drawn.has(run)) this.drawn.set(run, run.draw());
    for (const run of this.drawn.keys()) if (run.hasEnded) this.drawn.delete(run);
    this.hits = [...this.drawn.keys()].filter((run) => this.drawn.get(run));
  }
}

/** Milliseconds that are to be waited by those faults that are still set. */
export function sumOf(delays: readonly Delay[]): number {
  return delays.reduce((sum, { run, ms }) => (run.hasEnded ? sum : sum + ms), 0);
}

import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../../platform/clock.ts';
import type { Random } from '../../../../platform/random.ts';
import type { Color } from '../../../target.ts';
import { Alarms } from './alarms.ts';
import type { FaultCounts, ProxyFault } from './fault.ts';
import { FaultRun } from './fault-run.ts';
import { Passage } from './passage.ts';

/** What a fault holds back. */
export interface Waiting {
  /** The faults have changed: what nothing holds any more goes on. */
  wake(): void;
}

/** The faults of one proxy, by colour. */
export class Faults {
  /** Whether any fault is set. All that costs anything hides behind it. */
  any = false;
  /** Grows with each change. */
  generation = 0;
  readonly clock: Clock;
  readonly random: Random;
  readonly alarms: Alarms;
  /** In the order in which it came. */
  readonly waiting = new Set<Waiting>();
  private readonly runs: Record<Color, readonly FaultRun[]> = { blue: [], green: [] };

  constructor(parts: { clock: Clock; random: Random }) {
    this.clock = parts.clock;
    this.random = parts.random;
    this.alarms = new Alarms(parts.clock);
  }

  of(color: Color): readonly FaultRun[] {
    return this.runs[color];
  }

  /** See `EmbeddedProxy.setFaults`. */
  set(color: Color, faults: readonly ProxyFault[]): void {
    const before = this.runs[color];
    const after = faults.map(
      (fault) => before.find((run) => isDeepStrictEqual(run.fault, fault)) ?? new FaultRun(this, fault),
    );
    for (const run of before) if (!after.includes(run)) run.end();
    this.runs[color] = after;
    this.any = this.runs.blue.length + this.runs.green.length > 0;
    this.generation += 1;
    for (const one of [...this.waiting]) one.wake();
  }

  counts(id: string): FaultCounts | undefined {
    const run = [...this.runs.blue, ...this.runs.green].find(({ fault }) => fault.id === id);
    return run && { ...run.counts };
  }

  /** For what is sent to an instance; undefined: no fault concerns it. */
  passageTo(color: Color, instance: string): Passage | undefined {
    const concerned = this.runs[color].some((run) => run.covers(instance));
    return concerned ? new Passage(this, { color, instance }) : undefined;
  }

  /** Nothing rings and nothing is sent any more. */
  close(): void {
    for (const run of [...this.runs.blue, ...this.runs.green]) run.end();
    this.runs.blue = [];
    this.runs.green = [];
    this.any = false;
    this.generation += 1;
    this.waiting.clear();
    this.alarms.close();
  }
}

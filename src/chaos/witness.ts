import type { Clock } from '../platform/clock.ts';
import type { FaultControl, FaultReading } from '../targets/fault.ts';
import type { MeterSection } from '../traffic/report.ts';
import type { Evidence, Witnessed } from './fault.ts';
import type { PlannedFault } from './plan.ts';
import type { Prober } from './probing.ts';

/** Four looks a second. */
const everyMs = 250;

/** Looks at what one fault is aimed at and at what it does, from its injection until it is stopped. */
export class Readings {
  readonly #list: FaultReading[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(
    { faults, clock }: { faults: FaultControl; clock: Clock },
    request: Parameters<FaultControl['read']>[0],
  ) {
    this.#running = (async () => {
      for (;;) {
        await this.#look(faults, request);
        await clock.sleep(everyMs, this.#stop.signal);
      }
    })().catch(() => {}); // Ends by `#stop`.
  }

  /** A look that fails shows nothing; the next one may. */
  async #look(faults: FaultControl, request: Parameters<FaultControl['read']>[0]): Promise<void> {
    const reading = await faults.read(request).catch(() => undefined);
    if (reading) this.#list.push(reading);
  }

  async stop(): Promise<readonly FaultReading[]> {
    this.#stop.abort(new Error('no more readings'));
    await this.#running;
    return this.#list;
  }
}

export interface Observed {
  fault: PlannedFault;
  before: FaultReading;
  readings: readonly FaultReading[];
  prober: Prober;
  /**
   * Milliseconds since 1970: of the baseline's begin, of the first fault's being asked for, of this fault's acting and of
   * its being taken away.
   */
  times: { baseline: number; asked: number; injected: number; ended: number };
  sections: { before: MeterSection | undefined; during: MeterSection | undefined };
}

/** Whether a fault was seen to happen, judged by its own kind. */
export function witnessed({ fault, before, readings, prober, times, sections }: Observed): Witnessed {
  const evidence: Evidence = {
    before: {
      reading: before,
      probes: prober.between(times.baseline, times.asked),
      meter: sections.before,
    },
    during: {
      readings: readings.filter(({ at }) => at < times.ended),
      probes: prober.between(times.injected, times.ended),
      meter: sections.during,
      until: times.ended,
    },
  };
  return fault.kind.witness(fault.spec, evidence, fault.aim);
}

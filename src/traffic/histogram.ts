import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Percentiles } from './report.ts';

/** An hour: nothing waits longer. */
const highestUs = 3_600_000_000;

/**
 * Times from 1 µs to an hour, to three figures, in Node's native HDR histogram (http://hdrhistogram.org). The largest
 * one is kept exactly.
 */
export class LatencyHistogram {
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: highestUs, figures: 3 });
  #maxMs = 0;

  record(ms: number): void {
    if (ms > this.#maxMs) this.#maxMs = ms;
    const us = Math.round(ms * 1_000);
    this.#histogram.record(Math.min(Math.max(us, 1), highestUs));
  }

  add(other: LatencyHistogram): void {
    this.#histogram.add(other.#histogram);
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  /** Undefined when nothing was recorded. Milliseconds. */
  percentiles(): Percentiles | undefined {
    if (this.#histogram.count === 0) return undefined;
    const at = (share: number): number => Math.min(this.#histogram.percentile(share) / 1_000, this.#maxMs);
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: round(this.#maxMs) };
  }
}

/** To whole microseconds. */
export function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

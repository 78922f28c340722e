import { Counter } from './counter.ts';
import { type WindowSamples, windowMs } from './open-windows.ts';
import type { TrafficWindow } from './report.ts';

/** Windows kept; beyond it each two neighbours become one of twice the width: five minutes at 100 ms. */
export const mostWindows = 3_000;

/** Latencies of one window as pairs of bucket and count, by bucket; few of the buckets are ever used. */
type Buckets = ReadonlyMap<number, number>;

interface Kept {
  window: TrafficWindow;
  buckets: Buckets;
}

/**
 * The windows of a run in bounded memory. Beside each window's figures it keeps its latencies in buckets less than 1 %
 * wide, because percentiles of a wider window cannot be had from those of its parts.
 */
export class WindowSeries {
  #kept: Kept[] = [];
  #windowMs = windowMs;
  /** Windows that do not fill one of the present width yet. */
  #parts: Kept[] = [];

  get windowMs(): number {
    return this.#windowMs;
  }

  /** Adds the next window; returns it with its figures. */
  add(samples: WindowSamples): TrafficWindow {
    const { latenciesUs, ...counts } = samples;
    const sorted = latenciesUs.toSorted();
    const at = (share: number): number | undefined =>
      sorted.length === 0 ? undefined : (sorted[Math.ceil(share * sorted.length) - 1] ?? 0) / 1_000;
    const window = { ...counts, p50: at(0.5), p99: at(0.99), max: at(1) };
    this.#parts.push({ window, buckets: bucketsOf(sorted) });
    if (this.#parts.length === this.#windowMs / windowMs) this.#keep();
    return window;
  }

  windows(): readonly TrafficWindow[] {
    const parts = this.#parts.length === 0 ? [] : [merge(this.#parts)];
    return [...this.#kept, ...parts].map((one) => one.window);
  }

  #keep(): void {
    this.#kept.push(merge(this.#parts));
    this.#parts = [];
    if (this.#kept.length < mostWindows) return;
    this.#windowMs *= 2;
    this.#kept = Array.from({ length: mostWindows / 2 }, (_, i) => merge(this.#kept.slice(2 * i, 2 * i + 2)));
  }
}

function merge(parts: readonly Kept[]): Kept {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const windows = parts.map((one) => one.window);
  const byColor = new Counter();
  const buckets = new Map<number, number>();
  for (const part of parts) {
    byColor.addAll(part.window.byColor);
    for (const [bucket, count] of part.buckets) buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
  }
  const sum = (key: 'sent' | 'answered' | 'failed'): number =>
    windows.reduce((total, one) => total + one[key], 0);
  const max = windows.reduce<number | undefined>(
    (most, one) => (one.max === undefined ? most : Math.max(most ?? 0, one.max)),
    undefined,
  );
  const window: TrafficWindow = {
    startMs: first?.window.startMs ?? 0,
    sent: sum('sent'),
    answered: sum('answered'),
    failed: sum('failed'),
    byColor: byColor.toRecord(),
    p50: percentile(buckets, 0.5, max),
    p99: percentile(buckets, 0.99, max),
    max,
  };
  return { window, buckets };
}

/** Significant bits of a bucket: 128 buckets for each doubling. */
const bits = 7;

/** The bucket of a time in microseconds: itself below 256, then its leading eight bits and its magnitude. */
export function bucketOf(us: number): number {
  const shift = Math.max(0, 31 - Math.clz32(us) - bits);
  return (shift << (bits + 1)) | (us >>> shift);
}

/** The largest time in microseconds that falls into a bucket. */
export function topOf(bucket: number): number {
  const shift = bucket >> (bits + 1);
  return ((bucket & ((2 << bits) - 1)) + 1) * 2 ** shift - 1;
}

function bucketsOf(sorted: Uint32Array): Buckets {
  const buckets = new Map<number, number>();
  for (const us of sorted) {
    const bucket = bucketOf(us);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  }
  return buckets;
}

function percentile(buckets: Buckets, share: number, max: number | undefined): number | undefined {
  if (max === undefined) return undefined;
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const wanted = share * sorted.reduce((total, [, count]) => total + count, 0);
  let seen = 0;
  for (const [bucket, count] of sorted) {
    seen += count;
    if (seen >= wanted) return Math.min(topOf(bucket) / 1_000, max);
  }
  return max;
}

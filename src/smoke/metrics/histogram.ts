import { prometheusNumber, type Series } from '../series.ts';

/** Requests that took no longer than `le` (cumulative). */
interface Bucket {
  le: number;
  count: number;
}

/** The buckets of a classic histogram, those with the same bound added up, in order. Undefined where one has no bound. */
export function bucketsOf(series: readonly Series[]): readonly Bucket[] | undefined {
  const counts = new Map<number, number>();
  for (const { labels, value } of series) {
    const le = prometheusNumber(labels['le'] ?? '');
    if (le === undefined) return undefined;
    counts.set(le, (counts.get(le) ?? 0) + value);
  }
  return [...counts].map(([le, count]) => ({ le, count })).sort((a, b) => a.le - b.le);
}

/**
 * The quantile as Prometheus' histogram_quantile gives it: by linear interpolation within a bucket
 * (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile). NaN where nothing was counted
 * or there is no bucket for all.
 */
export function quantile(q: number, buckets: readonly Bucket[]): number {
  const last = buckets.at(-1);
  if (last === undefined || last.le !== Number.POSITIVE_INFINITY || !(last.count > 0)) return Number.NaN;
  const rank = q * last.count;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const bucket = buckets[index];
  const before = buckets[index - 1];
  if (bucket === undefined) return Number.NaN;
  // Beyond the largest bound nothing is known but that.
  if (bucket.le === Number.POSITIVE_INFINITY) return before?.le ?? Number.NaN;
  if (before === undefined && bucket.le <= 0) return bucket.le;
  const [from, below] = [before?.le ?? 0, before?.count ?? 0];
  if (bucket.count === below) return bucket.le;
  return from + (bucket.le - from) * ((rank - below) / (bucket.count - below));
}

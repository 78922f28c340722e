import { type Series, seriesText } from '../series.ts';

/**
 * By how much counters have grown from one scrape to a later one. One that is smaller was reset in between, and one that is
 * new began in between: both count from 0.
 */
export function increases(before: readonly Series[], after: readonly Series[]): readonly Series[] {
  const earlier = new Map(before.map((series) => [keyOf(series), series.value]));
  return after.map((series) => {
    const was = earlier.get(keyOf(series)) ?? 0;
    return { ...series, value: series.value >= was ? series.value - was : series.value };
  });
}

function keyOf({ name, labels }: Series): string {
  return seriesText({ name, labels: Object.fromEntries(Object.entries(labels).sort()) });
}

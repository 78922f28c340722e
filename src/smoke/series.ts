import * as v from 'valibot';
import { choice } from '../config/schema/fields.ts';
import { type Bound, keeps } from './bound.ts';

/** One time series at one moment. */
export interface Series {
  /** Empty where a query has made it anonymous. */
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** How several series become what a bound is about. */
export const aggregates = ['each', 'sum', 'min', 'max', 'avg', 'count'] as const;
export type Aggregate = (typeof aggregates)[number];

/** The value of `aggregate`. */
export const aggregateField = v.optional(
  choice('How several series become one value; with each, every one of them must be right.', aggregates),
  'each',
);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const made: Record<Exclude<Aggregate, 'each'>, (values: readonly number[]) => number> = {
  sum,
  // What is not a number is not passed over: then nobody knows the largest.
  min: (values) => values.reduce((a, b) => Math.min(a, b)),
  max: (values) => values.reduce((a, b) => Math.max(a, b)),
  avg: (values) => sum(values) / values.length,
  count: (values) => values.length,
};

export interface Judged {
  /** The value that was compared; of several series that are looked at one by one, the first. */
  value: number;
  /** `12`, or why it is wrong: `orders_total{code="500"} is 7, expected <5`. */
  detail: string;
  ok: boolean;
}

/** Purely: whether series are as expected. There is at least one, except for `count`. */
export function judgeSeries(
  series: readonly Series[],
  { aggregate, bound }: { aggregate: Aggregate; bound: Bound | undefined },
): Judged {
  if (aggregate === 'each') return judgeEach(series, bound);
  const value = made[aggregate](series.map((one) => one.value));
  const of = series.length === 1 && aggregate !== 'count' ? '' : `${aggregate} of ${series.length} series `;
  if (bound === undefined || keeps(bound, value))
    return { ok: true, value, detail: `${of}${numberText(value)}` };
  return { ok: false, value, detail: `${of}${numberText(value)}, expected ${bound.text}` };
}

function judgeEach(series: readonly Series[], bound: Bound | undefined): Judged {
  const value = series[0]?.value ?? Number.NaN;
  const wrong = bound === undefined ? [] : series.filter((one) => !keeps(bound, one.value));
  const [first] = wrong;
  if (first !== undefined && bound !== undefined) {
    const others = wrong.length > 1 ? ` (and ${wrong.length - 1} more of ${series.length} series)` : '';
    const whose = series.length === 1 ? '' : `${seriesText(first)} is `;
    return {
      ok: false,
      value: first.value,
      detail: `${whose}${numberText(first.value)}, expected ${bound.text}${others}`,
    };
  }
  if (series.length === 1) return { ok: true, value, detail: numberText(value) };
  const all = bound === undefined ? '' : `, each ${bound.text}`;
  return { ok: true, value, detail: `${series.length} series${all}` };
}

/** As Prometheus writes it: `orders_total{code="500"}`. */
export function seriesText({ name, labels }: Omit<Series, 'value'>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`;
}

/** Without the noise of binary fractions: `0.3`, not `0.30000000000000004`. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('Infinity', 'Inf');
  return String(Number(value.toPrecision(12)));
}

/** The number that Prometheus writes as text: `1.5e-3`, `NaN`, `+Inf`; undefined for anything else. */
export function prometheusNumber(text: string): number | undefined {
  const infinity = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinity) return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

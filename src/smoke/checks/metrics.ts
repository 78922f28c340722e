import * as v from 'valibot';
import { duration } from '../../config/schema/fields.ts';
import { leaf, type SectionOutput } from '../../config/schema/leaf.ts';
import { bound, numberIn } from '../bound.ts';
import { checkKind } from '../check.ts';
import { parseSelector } from '../metrics/selector.ts';
import { aggregateField } from '../series.ts';
import { caFile } from '../trust.ts';
import { loginEntries } from '../web.ts';

const address = leaf<string>({
  description:
    "Path below the component's address, or a whole URL, that exposes metrics in Prometheus' text format.",
  noun: 'a path or a URL',
  allowed: 'a path that starts with / or an http:// or https:// URL, without blanks',
  parse: (given) =>
    /^(?:\/|https?:\/\/[^/\s])[^\s#]{0,1999}$/i.test(String(given)) ? String(given) : undefined,
  json: { type: 'string', pattern: '^(?:/|https?://)' },
  examples: ['/metrics', 'http://gateway:9100/metrics'],
});

const series = leaf<string>({
  description: 'Series that must be there, as PromQL selects them: a name, with labels where needed.',
  noun: 'a series',
  allowed: 'a name with labels, such as orders_total{code=~"5.."}',
  parse: (given) => (problemOf(String(given)) === undefined ? String(given) : undefined),
  explain: (given) => `{given} cannot be used: ${problemOf(String(given))}`,
  json: { type: 'string' },
  examples: ['orders_total', 'http_request_duration_seconds{route="/orders"}'],
});

function problemOf(text: string): string | undefined {
  if (text.includes('${')) return undefined;
  const selector = parseSelector(text);
  return 'problem' in selector ? selector.problem : undefined;
}

const share = leaf<number>({
  description:
    'Share of the observations of a histogram; value is then about the quantile, and series is its name without _bucket.',
  noun: 'a share',
  allowed: 'a number above 0 and below 1, such as 0.99',
  parse: (given) => {
    const value = numberIn(String(given));
    return value !== undefined && value > 0 && value < 1 ? value : undefined;
  },
  json: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
  examples: [0.99],
});

const tenMinutes = 600_000;

const entries = {
  metrics: address,
  ca: v.optional(caFile),
  ...loginEntries,
  series,
  value: v.optional(bound('What number the series must be; in seconds and bytes where it has a unit.')),
  aggregate: aggregateField,
  quantile: v.optional(share),
  over: v.optional(
    duration('Looks twice, with this time between, and compares by how much counters have grown.', [
      1,
      tenMinutes,
    ]),
  ),
} satisfies v.ObjectEntries;

export type MetricsSpec = SectionOutput<typeof entries>;

/** What an application says about itself. */
export const metrics = checkKind({
  kind: 'metrics',
  description: "Reads metrics in Prometheus' text format and compares one of them.",
  entries,
  defaultTimeoutMs: ({ over }) => 5_000 + (over ?? 0),
  example: `
- name: no errors
  metrics: /metrics
  series: http_requests_total{code=~"5.."}
  aggregate: sum
  over: 5s
  value: 0
- name: fast
  metrics: /metrics
  series: http_request_duration_seconds{route="/orders"}
  quantile: 0.99
  value: <50ms`,
  attempt: async (spec, context) => (await import('../metrics/attempt.ts')).attemptMetrics(spec, context),
});

import * as v from 'valibot';
import { text } from '../../config/schema/fields.ts';
import type { SectionOutput } from '../../config/schema/leaf.ts';
import { bound } from '../bound.ts';
import { checkKind } from '../check.ts';
import { aggregateField } from '../series.ts';
import { caFile } from '../trust.ts';
import { loginEntries, webUrl } from '../web.ts';

const entries = {
  promql: text('Query in PromQL, evaluated now.', [
    'sum(rate(http_requests_total{code=~"5.."}[1m])) or vector(0)',
  ]),
  server: webUrl(
    'Base URL of the Prometheus server, or of what speaks its HTTP API.',
    'http://prometheus:9090',
  ),
  ca: v.optional(caFile),
  ...loginEntries,
  value: bound('What number the result must be.'),
  aggregate: aggregateField,
} satisfies v.ObjectEntries;

export type PromqlSpec = SectionOutput<typeof entries>;

/** What a Prometheus server knows. */
export const promql = checkKind({
  kind: 'promql',
  description: 'Asks a Prometheus server a query and compares the result.',
  entries,
  defaultTimeoutMs: 10_000,
  example: `
- name: error rate
  promql: sum(rate(http_requests_total{code=~"5.."}[1m])) or vector(0)
  server: http://prometheus:9090
  bearer: \${env.PROMETHEUS_TOKEN}
  value: <0.5`,
  attempt: async (spec, context) => (await import('../promql/attempt.ts')).attemptPromql(spec, context),
});

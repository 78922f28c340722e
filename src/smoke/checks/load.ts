import * as v from 'valibot';
import type { Comparison } from '../../config/model.ts';
import { atMostShare, atMostTime } from '../../config/schema/bounds.ts';
import { headersSchema } from '../../config/schema/cutover.ts';
import {
  choice,
  duration,
  httpPath,
  percentage,
  rate,
  text,
  trueOrFalse,
  wholeNumber,
} from '../../config/schema/fields.ts';
import { leaf, section } from '../../config/schema/leaf.ts';
import { parseComparison } from '../../config/values/comparison.ts';
import { checkKind } from '../check.ts';
import { caFile, fileBeside } from '../trust.ts';

const hour = 3_600_000;
/** What is in flight at the end, and the worker's own time. */
const slackMs = 5_000;

const atLeastRate = (description: string) =>
  leaf<Comparison>({
    description,
    noun: 'a bound on a throughput',
    allowed: 'a bound on a throughput, such as >900/s',
    parse: (given) => {
      const found = parseComparison(String(given));
      if (found?.unit !== 'rate' || found.operator.startsWith('<')) return undefined;
      return found.operator === '=' ? { ...found, operator: '>=', text: `>=${found.text}` } : found;
    },
    json: { type: 'string' },
    examples: ['>900/s'],
  });

const entries = {
  load: section('What is sent.', {
    path: httpPath('Path of the requests; {n} becomes the number of the request, from 1.', '/orders'),
    rate: rate('How many are sent.', [1 / 60, 200_000]),
    for: duration('How long that rate is kept.', [100, 24 * hour]),
    ramp: v.optional(duration('In so long the rate grows from 0 before that; not judged.', [0, hour]), 0),
    method: v.optional(choice('Their method.', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']), 'GET'),
    headers: v.optional(headersSchema, {}),
    body: v.optional(text('Their body; {n} becomes the number of the request.', ['{"order":{n}}'])),
    status: v.optional(wholeNumber('Status that is right. Default: 200 to 399.', [100, 599])),
    connections: v.optional(
      choice('Whether connections are kept or each request opens a new one.', ['keep-alive', 'new']),
      'keep-alive',
    ),
    'max-connections': v.optional(
      wholeNumber('Connections at the most; requests beyond it wait, which counts as latency.', [1, 10_000]),
      256,
    ),
    timeout: v.optional(duration('A request without an answer in this time has failed.', [1, hour]), '5s'),
    meter: v.optional(
      choice('precise keeps its times to 0.1 ms and takes a whole core for it.', ['cheap', 'precise']),
      'cheap',
    ),
  }),
  ca: v.optional(caFile),
  alone: v.optional(
    trueOrFalse(
      'false: other checks may run at the same time, and it starts as soon as what it needs has passed.',
    ),
    true,
  ),
  expect: v.optional(
    section('What must hold of the answers; latency counts from when a request should be sent.', {
      p50: v.optional(atMostTime('Latency that half of them keep.')),
      p90: v.optional(atMostTime('Latency that 90 % of them keep.')),
      p99: v.optional(atMostTime('Latency that 99 % of them keep.')),
      'p99.9': v.optional(atMostTime('Latency that 99.9 % of them keep.')),
      max: v.optional(atMostTime('Latency that all of them keep.')),
      'error-rate': v.optional(atMostShare('Share of requests that may fail.'), 0),
      throughput: v.optional(atLeastRate('Answers a second.')),
    }),
    {},
  ),
  baseline: v.optional(
    section('An earlier run to compare with.', {
      file: fileBeside('File that holds it, relative to this one; commit it.'),
      'worse-than': v.optional(
        percentage(
          'By so much p50, p90, p99 and throughput may be worse; differences below 1 ms never count.',
        ),
        '10%',
      ),
      missing: v.optional(
        choice('What to do without the file: say so, or write it when all else passes.', [
          'inconclusive',
          'write',
        ]),
        'inconclusive',
      ),
    }),
  ),
};

/** An open-loop load. */
export const load = checkKind({
  kind: 'load',
  description: 'Sends requests at a steady rate and measures how they are answered.',
  entries,
  defaultRetryForMs: 0,
  defaultOn: 'standby',
  defaultTimeoutMs: ({ load: { ramp, for: steadyMs, timeout } }) => ramp + steadyMs + timeout + slackMs,
  alone: ({ alone }) => alone,
  example: `
- name: orders under load
  load: { path: /orders, method: POST, body: '{"order":{n}}', rate: 500/s, for: 10s, ramp: 2s }
  expect: { p99: <50ms, p99.9: <200ms, error-rate: <0.1%, throughput: '>490/s' }
  baseline: { file: perf/orders.json, worse-than: 20%, missing: write }`,
  attempt: async (spec, context) => (await import('../load/attempt.ts')).attemptLoad(spec, context),
});

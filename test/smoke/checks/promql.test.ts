import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../../src/platform/sockets.ts';
import { metrics } from '../../../src/smoke/checks/metrics.ts';
import { promql } from '../../../src/smoke/checks/promql.ts';
import { judge } from '../../../src/smoke/promql/attempt.ts';
import { specOf, tryCheck } from '../../support/check-context.ts';
import { describeWith } from '../../support/servers/needs.ts';
import {
  type PrometheusServer,
  prometheusLogin,
  prometheusServer,
  startPrometheus,
} from '../../support/servers/prometheus.ts';
import { serveWeb, type WebServer } from '../../support/web-server.ts';

const { user, password } = prometheusLogin;

const bounds = ['0.05', '0.1', '1', '+Inf'];
const histogram = Object.entries({ a: [2, 7, 9, 11], b: [0, 4, 30, 30] })
  .flatMap(([route, counts]) =>
    bounds.map((le, i) => `took_bucket{route="${route}",le="${le}"} ${counts[i]}\n`),
  )
  .join('');

describeWith([prometheusServer], 'promql against a real server', () => {
  let app: WebServer;
  let server: PrometheusServer;
  const ask = (query: string, value: string | number, more: Record<string, unknown> = {}) =>
    tryCheck(promql, { promql: query, server: server.url, user, password, value, ...more });
  beforeAll(async () => {
    let requests = 0;
    app = await serveWeb((_, response) => {
      requests += 1;
      response.end(
        `requests_total{code="200"} ${requests}\nrequests_total{code="500"} 0\nidle 0\n${histogram}`,
      );
    });
    server = await startPrometheus({ targets: [app.host], login: prometheusLogin });
    while (!(await ask('requests_total{code="200"}', '>=2')).ok) {
      // Until it was scraped twice; jest's own time-out ends it.
    }
  });
  afterAll(async () => {
    await server?.end();
    await app?.close();
  });

  test.each([
    ['a vector of one', 'up{job="app"}', 1, {}, 1],
    ['a vector, each', 'requests_total', '>=0', {}, expect.any(Number)],
    ['a vector, added up', 'requests_total', '>=2', { aggregate: 'sum' }, expect.any(Number)],
    ['a scalar', '1 + 1', 2, {}, 2],
    ['a negative scalar', '-0.5', '>-1', {}, -0.5],
    ['nothing, where nothing means 0', 'sum(no_such_metric) or vector(0)', 0, {}, 0],
    ['a count of nothing', 'no_such_metric', 0, { aggregate: 'count' }, 0],
    ['infinity', 'vector(1) / 0', '>1', {}, Number.POSITIVE_INFINITY],
  ])('passes: %s', async (_, query, value, more, expected) => {
    expect(await ask(query, value, more)).toMatchObject({ ok: true, answer: { value: expected } });
  });

  const bad: [string, string, string | number, Record<string, unknown>, RegExp, next?: RegExp][] = [
    ['a wrong value', 'up{job="app"}', 0, {}, /^1, expected =0$/],
    [
      'one wrong of several',
      'requests_total',
      '>=1',
      {},
      /^requests_total{.*code="500".*} is 0, expected >=1$/,
    ],
    ['no data', 'no_such_metric', '>=0', {}, /^no data: the query matches no series$/, /or vector\(0\)/],
    ['NaN', 'idle / idle', '<0.01', {}, /NaN, expected <0.01$/, /nothing to divide by/],
    ['a query that is none', 'sum(', 1, {}, /^Prometheus says: bad_data: .*parse error/, /check the query/],
    ['a range', 'up[1m]', 1, {}, /^Prometheus says: the query gives a range/, /check the query/],
    ['a text', '"x"', 1, {}, /^Prometheus says: the query gives a text/, /check the query/],
    ['a wrong password', 'up', 1, { password: 'wrong-one' }, /^401, expected/, /give bearer/],
    ['a wrong place', 'up', 1, { below: '/nowhere' }, /^404, expected/, /base URL/],
  ];
  const failing = bad.map(([name, query, value, more, detail, next]) => ({
    name,
    query,
    value,
    more,
    detail,
    next,
  }));
  test.each(failing)('fails: $name', async ({ query, value, more, detail, next }) => {
    const { below = '', ...keys } = more;
    const tried = await ask(query, value, { ...keys, server: `${server.url}${below}` });
    const { next: said, ...attempt } = { next: '', ...tried };
    expect(attempt).toMatchObject({ ok: false, finding: 'unhealthy', detail: expect.stringMatching(detail) });
    expect(said).toMatch(next ?? /^$/);
    expect(JSON.stringify(attempt)).not.toContain(password);
  });

  test.each([0.01, 0.1, 0.5, 0.9, 0.99])('the metrics check finds the same quantile %d', async (q) => {
    const of = { metrics: `${app.origin}/metrics`, series: 'took', quantile: q };
    const ours = await tryCheck(metrics, of);
    const theirs = await ask(`histogram_quantile(${q}, sum by (le) (took_bucket))`, '>0');
    const value = ours.ok && (ours.answer as { value: number }).value;
    expect(theirs).toMatchObject({ ok: true, answer: { value } });
  });

  test('a paused server is unhealthy when the time is over', async () => {
    await server.pause();
    try {
      const attempt = await tryCheck(
        promql,
        { promql: '1', server: server.url, value: 1 },
        { timeoutMs: 300 },
      );
      expect(attempt).toMatchObject({
        ok: false,
        finding: 'unhealthy',
        detail: expect.stringContaining('no answer within 300 ms'),
      });
    } finally {
      server.resume();
    }
  });
});

test('sends the query as a form, with the token', async () => {
  let seen = '';
  const server = await serveWeb((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => {
      seen = `${request.method} ${request.url} ${request.headers.authorization} ${text}`;
      response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
    });
  });
  const written = { promql: 'a{b="c"}', server: `${server.origin}/prom/`, bearer: 'token', value: 1 };
  await tryCheck(promql, written, { timeoutMs: 2_000 });
  await server.close();
  expect(seen).toBe('POST /prom/api/v1/query Bearer token query=a%7Bb%3D%22c%22%7D&timeout=2000ms');
});

const answer = (data: unknown, more: object = {}) => JSON.stringify({ status: 'success', data, ...more });
const one = { metric: { __name__: 'a' }, value: [1, '5'] };
const vector = (...result: unknown[]) => answer({ resultType: 'vector', result });

test.each([
  ['HTML', '<html>', /^200, expected the answer of Prometheus' HTTP API: <html>$/],
  ['other JSON', '{"status":"ok"}', /^200, expected the answer/],
  [
    'a result of a kind that nobody knows',
    answer({ resultType: 'x', result: [] }),
    /^200, expected the answer/,
  ],
  ['a value that is no number', vector({ ...one, value: [1, 'x'] }), /^200, expected the answer/],
  ['a native histogram', vector({ metric: {}, histogram: [1, {}] }), /native histogram/],
  [
    'no data with a warning',
    answer({ resultType: 'vector', result: [] }, { warnings: ['partial'] }),
    /^no data.*\(warning: partial\)$/,
  ],
])('judges %s as unhealthy', (_, body, detail) => {
  const spec = { aggregate: 'each', value: { operator: '>', value: 0, text: '>0' } } as const;
  expect(judge({ status: 200, body, ms: 1 }, spec, { shown: (text) => text })).toMatchObject({
    ok: false,
    finding: 'unhealthy',
    detail: expect.stringMatching(detail),
  });
});

test('a refused connection to a loopback address is unhealthy, a name without address is unreachable', async () => {
  const port = await freePort('127.0.0.1');
  const refused = await tryCheck(promql, { promql: 'up', server: `http://127.0.0.1:${port}`, value: 1 });
  expect(refused).toMatchObject({ ok: false, finding: 'unhealthy' });
  const unknown = await tryCheck(promql, { promql: 'up', server: 'http://prometheus.invalid', value: 1 });
  expect(unknown).toMatchObject({ ok: false, finding: 'unreachable-from-here' });
});

test.each([
  ['no server', { promql: 'up', value: 1 }],
  ['no value', { promql: 'up', server: 'http://p' }],
  ['a path for the server', { promql: 'up', server: '/x', value: 1 }],
])('refuses %s in the file', (_, written) => {
  expect(() => specOf(promql, written)).toThrow();
});

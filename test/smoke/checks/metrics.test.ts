import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../src/platform/sockets.ts';
import { metrics } from '../../../src/smoke/checks/metrics.ts';
import { specOf, tryCheck } from '../../support/check-context.ts';
import { describeWith } from '../../support/servers/needs.ts';
import {
  type PrometheusServer,
  prometheusServer,
  startPrometheus,
} from '../../support/servers/prometheus.ts';
import { serveWeb, type WebServer } from '../../support/web-server.ts';

describeWith([prometheusServer], "metrics of a real server, Prometheus' own", () => {
  let server: PrometheusServer;
  let url: string;
  beforeAll(async () => {
    server = await startPrometheus({});
    url = `${server.url}/metrics`;
  });
  afterAll(() => server?.end());

  test.each([
    ['a series', { series: 'prometheus_build_info' }, /^1 in/],
    ['a value with labels', { series: 'prometheus_build_info{version=~".+"}', value: 1 }, /^1 in/],
    ['a sum', { series: 'process_cpu_seconds_total', aggregate: 'sum', value: '>0' }, /in/],
    ['a size', { series: 'process_resident_memory_bytes', value: '>1MiB' }, /in/],
    [
      'a quantile of a histogram',
      { series: 'prometheus_http_request_duration_seconds', quantile: 0.5, value: '<5s' },
      /in/,
    ],
    [
      'by how much a counter grows',
      { series: 'promhttp_metric_handler_requests_total{code="200"}', over: '50ms', value: '>=1' },
      /^1 in/,
    ],
  ])('passes: %s', async (_, written, detail) => {
    // The histogram counts an answer once it is sent.
    await tryCheck(metrics, { metrics: url, series: 'go_info' });
    const attempt = await tryCheck(metrics, { metrics: url, ...written });
    expect(attempt).toMatchObject({ ok: true, detail: expect.stringMatching(detail) });
  });

  test('a paused server is unhealthy when the time is over', async () => {
    await server.pause();
    try {
      const attempt = await tryCheck(metrics, { metrics: url, series: 'go_info' }, { timeoutMs: 300 });
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

const body = [
  '# TYPE orders_total counter',
  'orders_total{code="200"} 10',
  'orders_total{code="500"} 2',
  'errors_ratio NaN',
  'latency_seconds_bucket{route="/a",le="0.1"} 5',
  'latency_seconds_bucket{route="/a",le="1"} 10',
  'latency_seconds_bucket{route="/a",le="+Inf"} 10',
  'idle_seconds_bucket{le="1"} 0',
  'idle_seconds_bucket{le="+Inf"} 0',
  'plain 3',
  '',
].join('\n');

describe('metrics of a server with scripted answers', () => {
  let server: WebServer;
  let scrapes: number;
  let asked: string | undefined;
  beforeAll(async () => {
    server = await serveWeb((request, response) => {
      scrapes += 1;
      asked = request.headers.authorization;
      const pages: Record<string, [number, string]> = {
        '/metrics': [200, body],
        '/growing': [
          200,
          `orders_total ${10 * scrapes}\nh_bucket{le="1"} ${scrapes}\nh_bucket{le="+Inf"} ${scrapes}\n`,
        ],
        '/html': [200, '<html>hello</html>'],
        '/empty': [200, ''],
        '/large': [200, `${'# padding\n'.repeat(300_000)}plain 3\n`],
      };
      const [status, text] = pages[request.url ?? ''] ?? [404, 'not found'];
      response.writeHead(status).end(text);
    });
  });
  beforeEach(() => {
    scrapes = 0;
  });
  afterAll(() => server.close());

  const attempt = (written: Record<string, unknown>) =>
    tryCheck(metrics, { metrics: '/metrics', ...written }, { origin: server.origin });

  test.each([
    ['there', { series: 'plain' }, 3],
    ['NaN, where only its presence is asked for', { series: 'errors_ratio' }, Number.NaN],
    ['each right', { series: 'orders_total', value: '>=2' }, 10],
    ['the sum', { series: 'orders_total', aggregate: 'sum', value: 12 }, 12],
    ['none of them', { series: 'orders_total{code="503"}', aggregate: 'count', value: 0 }, 0],
    ['a quantile', { series: 'latency_seconds{route="/a"}', quantile: 0.75, value: '<600ms' }, 0.55],
    ['growth', { metrics: '/growing', series: 'orders_total', over: '1ms', value: 10 }, 10],
    [
      'growth of a histogram',
      { metrics: '/growing', series: 'h', quantile: 0.5, over: '1ms', value: 0.5 },
      0.5,
    ],
    ['an answer of three megabytes', { metrics: '/large', series: 'plain', value: 3 }, 3],
  ])('passes: %s', async (_, written, value) => {
    expect(await attempt(written)).toMatchObject({ ok: true, answer: { value } });
  });

  test.each([
    [
      'no such name',
      { series: 'order_total' },
      /^no series order_total among 5 names, did you mean "orders_total"\?$/,
    ],
    [
      'no such labels',
      { series: 'orders_total{code="503"}' },
      /^none of the 2 series of orders_total is orders_total{code="503"}: there is orders_total{code="200"}$/,
    ],
    [
      'one wrong of several',
      { series: 'orders_total', value: '<10' },
      /^orders_total{code="200"} is 10, expected <10$/,
    ],
    ['NaN', { series: 'errors_ratio', value: '<0.01' }, /^NaN, expected <0.01$/],
    [
      'a quantile out of bounds',
      { series: 'latency_seconds', quantile: 0.75, value: '<500ms' },
      /^0.55, expected <500ms$/,
    ],
    ['a quantile of nothing', { series: 'idle_seconds', quantile: 0.5 }, /^idle_seconds has counted nothing/],
    ['a quantile of no histogram', { series: 'plain', quantile: 0.5 }, /^plain is no histogram/],
    [
      'no growth',
      { series: 'orders_total', aggregate: 'sum', over: '1ms', value: '>0' },
      /^sum of 2 series 0, expected >0$/,
    ],
    [
      'another format',
      { metrics: '/html', series: 'a' },
      /^line 1 is not Prometheus' text format: <html>hello/,
    ],
    ['nothing', { metrics: '/empty', series: 'a' }, /^no series a among 0 names$/],
    ['another status', { metrics: '/nowhere', series: 'a' }, /^404, expected 200: not found$/],
  ])('fails: %s', async (_, written, detail) => {
    expect(await attempt(written)).toMatchObject({
      ok: false,
      finding: 'unhealthy',
      detail: expect.stringMatching(detail),
    });
  });

  test.each([
    [{ bearer: 'token\n' }, 'Bearer token'],
    [{ user: 'a', password: 'b' }, 'Basic YTpi'],
  ])('logs in with %j', async (login, expected) => {
    await attempt({ series: 'plain', ...login });
    expect(asked).toBe(expected);
  });
});

test('a token that no header can carry is said to be one, and is not shown', async () => {
  const written = { metrics: 'http://127.0.0.1:9/metrics', series: 'a', bearer: 'secret\ntoken' };
  const attempt = await tryCheck(metrics, written);
  expect(attempt).toMatchObject({
    ok: false,
    finding: 'unreachable-from-here',
    detail: expect.stringMatching(/^the header authorization cannot be sent: the token holds a line break/),
    next: expect.stringContaining('bearer'),
  });
  expect(JSON.stringify(attempt)).not.toContain('secret');
});

test('a refused connection to a loopback address is unhealthy, a name without address is unreachable', async () => {
  const port = await freePort('127.0.0.1');
  const refused = await tryCheck(metrics, { metrics: `http://127.0.0.1:${port}/metrics`, series: 'a' });
  expect(refused).toMatchObject({ ok: false, finding: 'unhealthy' });
  const unknown = await tryCheck(metrics, { metrics: 'http://gateway.invalid/metrics', series: 'a' });
  expect(unknown).toMatchObject({ ok: false, finding: 'unreachable-from-here' });
});

test.each([
  ['a query for a series', { series: 'rate(a[5m])' }, /series|name with labels/],
  ['a quantile of 1', { series: 'a', quantile: 1 }, /share/],
  ['no series', {}, /missing/],
])('refuses %s in the file', (_, written, message) => {
  expect(() => specOf(metrics, { metrics: '/metrics', ...written })).toThrow(message);
});

test('the time that it waits for growth is added to its time', () => {
  expect(metrics.timeoutMs(specOf(metrics, { metrics: '/m', series: 'a', over: '10s' }))).toBe(15_000);
});

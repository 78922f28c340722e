import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseComparison } from '../../../src/config/values/comparison.ts';
import { urlAim } from '../../../src/smoke/aim.ts';
import { baselineFrom, baselineGates, readBaseline } from '../../../src/smoke/load/baseline.ts';
import { loadGates, type Measured, mayBeLateness, type Thresholds } from '../../../src/smoke/load/gates.ts';
import { waitsFor } from '../../../src/smoke/order.ts';
import { startMeter } from '../../../src/traffic/meter.ts';
import type { StartMeter } from '../../../src/traffic/report.ts';
import { makeCertificate, openssl } from '../../support/certificate.ts';
import { describeWith } from '../../support/servers/needs.ts';
import { checks, closeAll, closedPort, listen, one, smoke } from '../fixtures/smoke.ts';

let base = '';
let refusing = 0;
const bodies: string[] = [];

beforeAll(async () => {
  let n = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    bodies.push(body);
    n += 1;
    response.setHeader('x-version', n % 10 === 0 && request.url === '/mixed' ? '1.0' : '1.1');
    const isBad = request.url === '/bad' && n % 2 === 0;
    const answer = () => response.writeHead(isBad ? 500 : 200).end('ok');
    if (request.url === '/version') response.end('1.1');
    else if (request.url === '/slow') setTimeout(answer, 60);
    else answer();
  });
  base = `http://127.0.0.1:${await listen(server)}`;
  refusing = await closedPort(createServer());
});
afterAll(closeAll);

/** As on standby, where loads are run. */
const standby = (header?: string) => ({
  ...urlAim(base),
  what: 'standby' as const,
  component: 'gateway',
  versions: header ? { gateway: { http: '/version', json: 'version', equals: '1.1', header } } : {},
});

/** The real meter, which says what it is told to about its own lateness: on a busy machine that is anything. */
const metered =
  (lateShare: number): StartMeter =>
  async (plan) => {
    const meter = await startMeter(plan);
    const stop = async () => {
      const report = await meter.stop();
      return { ...report, lateSends: Math.round(report.sent * lateShare) };
    };
    return new Proxy(meter, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (key === 'stop') return stop;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };

const run = (item: string, folder = '/', lateShare = 0) =>
  one(base, item, { aim: standby(), folder, startMeter: metered(lateShare) });

describe('load', () => {
  test('passes, and its record has the gates and all that the meter saw', async () => {
    const record = await run(
      `load: { path: /a, method: POST, body: '{"n":{n}}', rate: 100/s, for: 500ms }, expect: { p50: <2s, p99.9: <5s, throughput: '>50/s' }`,
    );
    expect(record).toMatchObject({
      verdict: 'passed',
      detail: expect.stringMatching(/^50 answered, 0 failed, p99 [\d.]+ ms$/),
      gates: [
        { name: 'error rate', verdict: 'passed', measured: '0% (0 of 50)', limit: '<=0' },
        { name: 'p50', verdict: 'passed', limit: '<2s' },
        { name: 'p99.9', verdict: 'passed' },
        { name: 'throughput', verdict: 'passed', limit: '>50/s' },
      ],
      meter: { sent: 50, answered: 50, rate: 100 },
    });
    expect(bodies).toContain('{"n":50}');
  });

  test('what comes while the rate grows is not judged', async () => {
    const { meter } = await run(`load: { path: /a, rate: 100/s, ramp: 400ms, for: 200ms }`);
    const [ramp, steady] = meter?.sections ?? [];
    expect([ramp?.name, steady?.name]).toEqual(['start', 'steady']);
    expect((ramp?.sent ?? 0) + (steady?.sent ?? 0)).toBe(40);
  });

  test('is unhealthy when too many fail', async () => {
    const record = await run(`load: { path: /bad, rate: 100/s, for: 300ms }, expect: { error-rate: <10% }`);
    expect(record).toMatchObject({
      verdict: 'failed',
      finding: 'unhealthy',
      detail: expect.stringMatching(
        /^error rate 50% \(15 of 30\), limit <10% \(bad-status: GET \/bad: 500\)$/,
      ),
    });
  });

  test('is slow when the answers are', async () => {
    const record = await run(`load: { path: /slow, rate: 50/s, for: 300ms }, expect: { p50: <20ms }`);
    expect(record).toMatchObject({
      finding: 'slow',
      detail: expect.stringMatching(/^p50 [\d.]+ ms, limit <20ms$/),
    });
  });

  test('is inconclusive when they are slow and the meter was late', async () => {
    const record = await run(`load: { path: /slow, rate: 50/s, for: 300ms }, expect: { p50: <20ms }`, '/', 1);
    expect(record).toMatchObject({
      verdict: 'inconclusive',
      finding: 'unreachable-from-here',
      detail: expect.stringMatching(/^p50 [\d.]+ ms, but 100% of the sends were late, limit <20ms$/),
      next: expect.stringContaining('lower rate'),
    });
  });

  test('is of the wrong version as soon as one answer is, whatever is tolerated', async () => {
    const item = `name: it, load: { path: /mixed, rate: 100/s, for: 300ms }, expect: { error-rate: <50% }`;
    const { checks } = await smoke(base, [item], { aim: standby('x-version'), startMeter: metered(0) });
    expect(checks).toMatchObject([
      { kind: 'version', verdict: 'passed' },
      {
        kind: 'load',
        finding: 'wrong-version',
        detail: expect.stringMatching(
          /^\d+ of \d+ answers were of another version: version 1\.0 answered, not 1\.1$/,
        ),
      },
    ]);
  });

  test('of nothing but refused connections on loopback is unhealthy', async () => {
    const aim = { ...standby(), origin: async () => `http://127.0.0.1:${refusing}` };
    const record = await one(base, 'load: { path: /a, rate: 50/s, for: 200ms }', { aim });
    expect(record).toMatchObject({ verdict: 'failed', finding: 'unhealthy' });
  });

  test('that never leaves this machine is inconclusive', async () => {
    const aim = { ...standby(), origin: async () => 'http://nowhere.invalid' };
    const record = await one(base, 'load: { path: /a, rate: 50/s, for: 200ms }', { aim });
    expect(record).toMatchObject({
      verdict: 'inconclusive',
      finding: 'unreachable-from-here',
      detail: expect.stringContaining('10 never left this machine'),
    });
  });

  test('on a wrong release is not sent, even where it may run beside others', async () => {
    const item = `name: it, alone: false, load: { path: /never, rate: 100/s, for: 300ms }`;
    const old = { gateway: { http: '/version', json: 'version', equals: '9.9', header: undefined } };
    const { checks } = await smoke(base, [item], {
      aim: { ...standby(), versions: old },
      startMeter: () => {
        throw new Error('it was sent');
      },
    });
    expect(checks[1]).toMatchObject({ finding: 'skipped', detail: expect.stringContaining('no load') });
  }, 20_000);

  test.each(['alone: false, ', ''])('with "%s" what it needs is all that it waits for, or not', (alone) => {
    const { checks: read } = checks([
      `name: it, ${alone}load: { path: /a, rate: 100/s, for: 300ms }`,
      'name: other, http: /a',
    ]);
    expect(waitsFor(read).get('it')).toEqual(alone === '' ? ['other'] : []);
  });
});

describeWith([openssl], 'a load over TLS', () => {
  let folder = '';
  let secure = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cutover-load-'));
    const { pem, keyFile } = makeCertificate(folder);
    const server = createSecureServer({ cert: pem, key: readFileSync(keyFile) }, (_, response) => {
      response.end('ok');
    });
    secure = `https://127.0.0.1:${await listen(server)}`;
    writeFileSync(join(folder, 'empty.pem'), 'nothing\n');
  });
  const send = (keys: string) =>
    one(secure, `load: { path: /a, rate: 50/s, for: 300ms }, on: both${keys}`, { folder });

  test('passes where ca names its authority', async () => {
    expect(await send(', ca: certificate.pem')).toMatchObject({
      verdict: 'passed',
      detail: expect.stringMatching(/^15 answered, 0 failed/),
    });
  });

  test('is unhealthy where nobody vouches for the certificate, and says what to do', async () => {
    expect(await send('')).toMatchObject({
      finding: 'unhealthy',
      detail: expect.stringMatching(
        /^error rate 100% .*\(malformed: certificate not trusted: self-signed certificate\)$/,
      ),
      next: expect.stringContaining('ca'),
    });
  });

  test.each(['none', 'empty'])('is inconclusive where ca names a file that is %s', async (name) => {
    expect(await send(`, ca: ${name}.pem`)).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringContaining(`${name}.pem`),
    });
  });
});

describe('a baseline file', () => {
  const item = (missing: string, rate = '100/s') =>
    `load: { path: /a, rate: ${rate}, for: 300ms }, baseline: { file: perf/a.json, worse-than: 100%, missing: ${missing} }`;

  test('is missing, is written when asked for, and is compared with', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cutover-load-'));
    expect(await run(item('inconclusive'), folder)).toMatchObject({
      verdict: 'inconclusive',
      gates: [{}, { name: 'baseline', measured: 'there is no baseline yet' }],
    });
    expect(await run(item('write'), folder)).toMatchObject({ verdict: 'passed' });
    const written = JSON.parse(readFileSync(join(folder, 'perf/a.json'), 'utf8'));
    expect(written).toMatchObject({ schema: 'cutover/load-baseline/v1', request: 'GET /a', rate: 100 });
    const compared = await run(item('write'), folder);
    expect(compared.gates?.map(({ name }) => name)).toEqual([
      'error rate',
      'p50 against the baseline',
      'p90 against the baseline',
      'p99 against the baseline',
      'throughput against the baseline',
    ]);
    expect(await run(item('write', '50/s'), folder)).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringContaining('another load'),
    });
  });
});

const limit = (text: string) => {
  const found = parseComparison(text);
  if (!found) throw new Error(text);
  return found;
};

const measured: Measured = {
  latency: { p50: 1, p90: 5, p99: 20, p999: 50, max: 80 },
  answered: 1_000,
  failed: 0,
  unreachable: 0,
  durationMs: 10_000,
  lateShare: 0,
};

const none = {
  p50: undefined,
  p90: undefined,
  p99: undefined,
  'p99.9': undefined,
  max: undefined,
  throughput: undefined,
};
const thresholds = (over: Partial<Thresholds>): Thresholds => ({ ...none, errorRate: limit('<=0'), ...over });

describe('gates of a load', () => {
  test.each<[string, Partial<Measured>, Partial<Thresholds>, string[]]>([
    ['nothing asked', {}, {}, ['passed']],
    ['one failed', { failed: 1 }, {}, ['failed']],
    ['one failed of many allowed', { failed: 1 }, { errorRate: limit('<1%') }, ['passed']],
    [
      'nothing settled',
      { answered: 0, latency: undefined },
      { p99: limit('<1s') },
      ['inconclusive', 'inconclusive'],
    ],
    ['some never sent', { unreachable: 3 }, {}, ['inconclusive']],
    ['some never sent, and one failed', { unreachable: 3, failed: 1 }, {}, ['failed']],
    [
      'percentiles kept',
      {},
      { p50: limit('<2ms'), 'p99.9': limit('<=50ms'), max: limit('<81ms') },
      ['passed', 'passed', 'passed', 'passed'],
    ],
    ['p50 exceeded', {}, { p50: limit('<1ms') }, ['passed', 'failed']],
    [
      'p99 exceeded, and the meter was late enough for it',
      { lateShare: 0.02 },
      { p99: limit('<20ms') },
      ['passed', 'inconclusive'],
    ],
    [
      'p99 exceeded, and the meter was late, but not so often',
      { lateShare: 0.005 },
      { p99: limit('<20ms') },
      ['passed', 'failed'],
    ],
    [
      'p99.9 exceeded, and the meter was late enough for it',
      { lateShare: 0.005 },
      { 'p99.9': limit('<50ms') },
      ['passed', 'inconclusive'],
    ],
    ['late, and still within', { lateShare: 0.9 }, { p99: limit('<21ms') }, ['passed', 'passed']],
    ['throughput', {}, { throughput: limit('>=100/s') }, ['passed', 'passed']],
    ['too little throughput', {}, { throughput: limit('>100/s') }, ['passed', 'failed']],
    [
      'too little throughput of a late meter',
      { lateShare: 0.2 },
      { throughput: limit('>100/s') },
      ['passed', 'inconclusive'],
    ],
  ])('%s', (_, seen, limits, verdicts) => {
    const gates = loadGates({ ...measured, ...seen }, thresholds(limits));
    expect(gates.map(({ verdict }) => verdict)).toEqual(verdicts);
  });

  test.each([
    [0, 0.5, false],
    [0.000_1, 60, true],
    [0.000_9, 21, false],
    [0.001, 21, true],
    [0.009, 20, false],
    [0.009, 10, false],
    [0.01, 10, true],
    [0.09, 2, false],
    [0.4, 0.5, false],
    [0.5, 0.5, true],
  ])('%d late sends may explain a breach of %d ms: %s', (lateShare, limitMs, may) => {
    const latency = { p50: 1, p90: 5, p99: 20, p999: 50, max: 80 };
    expect(mayBeLateness(latency, lateShare, limitMs)).toBe(may);
  });
});

describe('comparing with a baseline', () => {
  const request = { request: 'GET /a', rate: 100 };
  const then = baselineFrom(measured, request);
  if (!then) throw new Error('no baseline');

  test('its file comes back as it was; anything else is refused', () => {
    expect(readBaseline(JSON.stringify(then))).toEqual(then);
    expect(readBaseline('{')).toEqual({ problem: 'is not JSON' });
    expect(readBaseline('{}')).toEqual({ problem: expect.stringContaining('not a baseline') });
  });

  test('without an answer there is none', () => {
    expect(baselineFrom({ ...measured, latency: undefined }, request)).toBeUndefined();
  });

  test.each<[string, Partial<typeof then>, string[]]>([
    ['the same', {}, ['passed', 'passed', 'passed', 'passed']],
    ['better', { p99: 1, throughput: 200 }, ['passed', 'passed', 'passed', 'passed']],
    ['a little worse', { p99: 21.9 }, ['passed', 'passed', 'passed', 'passed']],
    ['worse', { p99: 22.1 }, ['passed', 'passed', 'failed', 'passed']],
    [
      'twice as slow, but by less than timers can tell',
      { p50: 1.9 },
      ['passed', 'passed', 'passed', 'passed'],
    ],
    ['twice as slow', { p50: 2.1 }, ['failed', 'passed', 'passed', 'passed']],
    ['fewer answers', { throughput: 89 }, ['passed', 'passed', 'passed', 'failed']],
    ['another rate', { rate: 50 }, ['inconclusive']],
    ['another request', { request: 'GET /b' }, ['inconclusive']],
  ])('%s', (_, over, verdicts) => {
    const gates = baselineGates({ ...then, ...over }, then, { worseBy: 0.1, measured });
    expect(gates.map(({ verdict }) => verdict)).toEqual(verdicts);
  });

  test('worse, but the meter was late', () => {
    const late = { ...measured, latency: { p50: 1, p90: 5, p99: 30, p999: 50, max: 80 }, lateShare: 0.05 };
    const gates = baselineGates({ ...then, p99: 30 }, then, { worseBy: 0.1, measured: late });
    expect(gates[2]).toMatchObject({ verdict: 'inconclusive', measured: '30 ms (+50%)', limit: '<=22ms' });
  });
});

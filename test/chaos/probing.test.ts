import { describe, expect, test } from '@jest/globals';
import { jsonPathIn } from '../../src/chaos/json-path.ts';
import { Prober, serverTimeIn } from '../../src/chaos/probing.ts';
import { differenceIn } from '../../src/chaos/restored.ts';
import type { Instance } from '../../src/targets/target.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { type FakeAnswer, fakeHttp } from '../support/fake-http.ts';
import { instance, reading, type Seen, seen } from './faults/evidence.ts';

/** Probes of one second, of a service that answers so after so long. */
async function probed(answer: FakeAnswer | undefined, takesMs = 2, forMs = 1_000) {
  const clock = fakeClock();
  const http = fakeHttp(() => answer);
  const { send } = http;
  http.send = async (request) => {
    await clock.sleep(takesMs, request.signal);
    return send(request);
  };
  const prober = new Prober({ platform: { clock, http }, url: 'http://a.test/health', clock: undefined });
  const from = clock.now();
  for (let ms = 0; ms < forMs; ms += 10) await clock.advance(10);
  const stopping = prober.stop();
  await clock.advance(1);
  await stopping;
  return prober.between(from, from + forMs);
}

describe('probes', () => {
  test.each<[FakeAnswer | undefined, string, number | undefined]>([
    [{ status: 200, body: 'ok' }, 'answered', 200],
    [{ status: 503 }, 'answered', 503],
    ['ECONNREFUSED', 'refused', undefined],
    ['ECONNRESET', 'reset', undefined],
    ['ETIMEDOUT', 'timeout', undefined],
    ['HPE_INVALID_CONSTANT', 'malformed', undefined],
  ])('%j is %s', async (answer, outcome, status) => {
    const probes = await probed(answer);
    expect(probes).toHaveLength(10);
    expect(new Set(probes.map((probe) => `${probe.outcome} ${probe.status}`))).toEqual(
      new Set([`${outcome} ${status}`]),
    );
  });

  test('do not wait for one another', async () => {
    const probes = await probed({}, 350);
    expect(probes.length).toBeGreaterThanOrEqual(6);
    expect(new Set(probes.map(({ ms }) => ms))).toEqual(new Set([350]));
  });

  test('that the end of the fault let go say nothing about it', async () => {
    const clock = fakeClock();
    const http = fakeHttp(() => ({}));
    const { send } = http;
    const until = clock.now() + 1_000;
    http.send = async (request) => {
      await clock.sleep(Math.min(400, until - clock.now()), request.signal);
      return send(request);
    };
    const prober = new Prober({ platform: { clock, http }, url: 'http://a.test/health', clock: undefined });
    for (let ms = 0; ms < 1_500; ms += 10) await clock.advance(10);
    const seen = prober.between(until - 1_000, until - 1);
    expect(seen.map(({ outcome, ms }) => `${outcome} ${ms}`)).toEqual(Array(6).fill('answered 400'));
    await prober.stop();
  });

  test('that were swallowed count as unanswered once they have waited long enough to tell', async () => {
    const probes = await probed({}, 60_000);
    expect(probes.map(({ outcome, ms }) => [outcome, ms >= 500])).toEqual(Array(6).fill(['timeout', true]));
  });
});

test.each<[object, string | undefined, number | undefined]>([
  [{ headers: { date: 'Mon, 05 Jan 2026 10:00:00 GMT' } }, undefined, Date.UTC(2026, 0, 5, 10)],
  [{ headers: {} }, undefined, undefined],
  [{ body: '{"now":1767607200000}' }, 'now', 1_767_607_200_000],
  [{ body: '{"now":1767607200.5}' }, 'now', 1_767_607_200_500],
  [{ body: '{"at":{"now":"2026-01-05T10:00:00Z"}}' }, '$.at.now', Date.UTC(2026, 0, 5, 10)],
  [{ body: '{}' }, 'now', undefined],
  [{ body: '1767607200000\n' }, '', 1_767_607_200_000],
  [{ body: 'noon' }, '', undefined],
])('the time in %j at %p', (answer, json, time) => {
  const clock =
    json === undefined ? undefined : { http: '/time', json: json === '' ? undefined : jsonPathIn(json) };
  expect(serverTimeIn({ headers: {}, body: '', ...answer }, clock)).toBe(time);
});

describe('what is left of a fault', () => {
  const snapshot = (instances: readonly Instance[], readings: readonly Seen[]) => ({
    instances,
    reading: reading(readings),
  });
  const before = snapshot([instance('a'), instance('b')], [seen('a'), seen('b')]);

  test.each<[string, readonly Instance[], readonly Seen[], string | undefined]>([
    ['nothing', [instance('a'), instance('b')], [seen('a', { identity: 'a#2' }), seen('b')], undefined],
    ['another has its place', [instance('a'), instance('c')], [seen('a'), seen('c')], undefined],
    [
      'one is down',
      [instance('a'), instance('b', { status: 'exited', detail: 'signal 9' })],
      [seen('a')],
      '1 of 2 instances ready: b is exited (signal 9)',
    ],
    ['one is missing', [instance('a')], [seen('a')], '1 of 2 instances ready'],
    [
      'one is frozen',
      [instance('a'), instance('b')],
      [seen('a'), seen('b', { process: 'stopped' })],
      'b still stopped',
    ],
    ['more than before', [instance('a'), instance('b'), instance('c')], [], undefined],
  ])('%s', (_, instances, readings, left) => {
    expect(differenceIn(before, snapshot(instances, readings))).toBe(left);
  });

  test('what was not ready before is not missed', () => {
    const was = snapshot([instance('a'), instance('b', { status: 'unhealthy' })], []);
    expect(differenceIn(was, snapshot([instance('a')], []))).toBeUndefined();
  });
});

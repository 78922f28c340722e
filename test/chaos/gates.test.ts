import { describe, expect, test } from '@jest/globals';
import { breachWatch } from '../../src/chaos/abort.ts';
import { judge, type Seen } from '../../src/chaos/gates.ts';
import type { Recovery } from '../../src/chaos/recovery.ts';
import type { LedgerRecord } from '../../src/report/proof.ts';
import type { MeterSection } from '../../src/traffic/report.ts';
import { experiment } from './harness.ts';

const section = (changes: Partial<MeterSection> = {}): MeterSection => ({
  name: 'fault',
  startMs: 0,
  durationMs: 1_000,
  sent: 1_000,
  answered: 990,
  failed: 10,
  byColor: {},
  latency: { p50: 5, p90: 10, p99: 40, p999: 80, max: 90 },
  longestGapMs: 10,
  ...changes,
});
const nothing = section({ sent: 0, answered: 0, failed: 0, latency: undefined });
const allFailed = section({ answered: 0, failed: 1_000, latency: undefined });

const recovery = (changes: Partial<Recovery>): Recovery => ({
  windows: 10,
  windowMs: 100,
  judgedMs: undefined,
  ...changes,
});
const ledger = (changes: Partial<LedgerRecord> = {}): LedgerRecord => ({
  verdict: 'passed',
  acknowledged: 100,
  unknown: 2,
  found: 100,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  detail: 'fine',
  ...changes,
});

function judged(expected: string, seen: Partial<Seen> = {}, more = ''): readonly string[] {
  const rules = experiment(`name: a, fault: { kind: kill }, expect: { ${expected} }${more}`);
  const all = {
    before: section(),
    during: section(),
    lateShare: 0,
    recovery: undefined,
    waitedMs: 30_000,
    ledger: undefined,
  };
  return judge({ ...all, ...seen }, rules).map(
    ({ name, verdict, measured, limit }) => `${name} ${verdict}: ${measured}, limit ${limit}`,
  );
}

const withLedger = ', ledger: { write: { path: /writes, body: "{n}" }, read: { path: /writes } }';

describe('gates', () => {
  test.each<[string, string, Partial<Seen>, string]>([
    ['within', 'p50: <10ms', {}, 'p50 passed: 5 ms, limit <10ms'],
    ['the bound itself', 'p90: <10ms', {}, 'p90 failed: 10 ms, limit <10ms'],
    ['without an operator the bound is allowed', 'p90: 10ms', {}, 'p90 passed: 10 ms, limit <=10ms'],
    ['beyond', 'p99: <40ms', {}, 'p99 failed: 40 ms, limit <40ms'],
    ['three nines', 'p99.9: <100ms', {}, 'p99.9 passed: 80 ms, limit <100ms'],
    ['nothing answered', 'p99: <40ms', { during: allFailed }, 'p99 inconclusive: no answers, limit <40ms'],
    [
      'the meter was late',
      'p99: <20ms',
      { lateShare: 0.3 },
      'p99 inconclusive: 40 ms, but 30 % of the sends were late, limit <20ms',
    ],
    ['late and within all the same', 'p99: <50ms', { lateShare: 0.3 }, 'p99 passed: 40 ms, limit <50ms'],
    ['late, but not so many', 'p50: <1ms', { lateShare: 0.3 }, 'p50 failed: 5 ms, limit <1ms'],
    ['errors within', 'error-rate: <2%', {}, 'error rate passed: 1 %, limit <2%'],
    ['errors beyond', 'error-rate: 0', {}, 'error rate failed: 1 %, limit <=0'],
    [
      'no requests',
      'error-rate: <2%',
      { during: nothing },
      'error rate inconclusive: no requests, limit <2%',
    ],
    [
      'no fault at all',
      'error-rate: <2%',
      { during: undefined },
      'error rate inconclusive: no requests, limit <2%',
    ],
    [
      'throughput of before',
      'throughput: ">50% of before"',
      { during: section({ durationMs: 4_000 }) },
      'throughput failed: 25 % of before, limit >50% of before',
    ],
    [
      'throughput enough',
      'throughput: ">50% of before"',
      {},
      'throughput passed: 100 % of before, limit >50% of before',
    ],
    ['throughput a second', 'throughput: ">1000/s"', {}, 'throughput failed: 990/s, limit >1000/s'],
    [
      'nothing before',
      'throughput: ">50% of before"',
      { before: allFailed },
      'throughput inconclusive: 990/s, and nothing was answered before, limit >50% of before',
    ],
    [
      'recovered',
      'recovery: <30s',
      { recovery: recovery({ judgedMs: 840, detectMs: 0 }) },
      'recovery passed: 840 ms, limit <30s',
    ],
    [
      'too late',
      'recovery: <500ms',
      { recovery: recovery({ judgedMs: 840, detectMs: 0 }) },
      'recovery failed: 840 ms, limit <500ms',
    ],
    [
      'not recovered',
      'recovery: <30s',
      { recovery: recovery({ detectMs: 0 }) },
      'recovery failed: not within 30 s, limit <30s',
    ],
    [
      'too few to tell',
      'recovery: <30s',
      { recovery: recovery({}) },
      'recovery inconclusive: too few requests to tell, limit <30s',
    ],
    ['not looked at', 'recovery: <30s', {}, 'recovery inconclusive: not measured, limit <30s'],
  ])('%s: %s', (_, expected, seen, gate) => {
    expect(judged(expected, seen)).toEqual([gate]);
  });

  test('no data can be told to fail', () => {
    expect(judged('p99: <40ms, error-rate: 0', { during: nothing }, ', no-data: fail')).toEqual([
      'p99 failed: no answers, limit <40ms',
      'error rate failed: no requests, limit <=0',
    ]);
  });

  test.each<[string, Partial<LedgerRecord>, readonly string[]]>([
    ['', {}, ['lost passed: 0, limit 0', 'duplicated passed: 0, limit 0']],
    ['', { lost: 3 }, ['lost failed: 3, limit 0', 'duplicated passed: 0, limit 0']],
    [
      'duplicated: <3, reordered: 0',
      { duplicated: 2, reordered: 1 },
      ['lost passed: 0, limit 0', 'duplicated passed: 2, limit <3', 'reordered failed: 1, limit <=0'],
    ],
    [
      '',
      { verdict: 'inconclusive', detail: 'could not verify: refused' },
      ['ledger failed: could not verify: refused, limit can be verified'],
    ],
  ])('of a ledger, expecting %p: %p', (expected, changes, gates) => {
    expect(judged(expected, { ledger: ledger(changes) }, withLedger)).toEqual(gates);
  });
});

describe('abort-on', () => {
  const window = (index: number, changes: object = {}) => ({
    startMs: index * 100,
    sent: 10,
    answered: 10,
    failed: 0,
    p50: 5,
    p99: 5,
    ...changes,
  });
  const slow = { p99: 900 };
  const failing = { answered: 5, failed: 5 };
  const dead = { answered: 0, failed: 10, p50: undefined, p99: undefined };
  const empty = { sent: 0, answered: 0, failed: 0, p50: undefined, p99: undefined };

  /** The index of the window at which it breaches, and what it says. */
  function breach(keys: string, changes: readonly object[], before?: number) {
    const { abortOn } = experiment(`name: a, fault: { kind: kill }, abort-on: { ${keys} }`);
    if (!abortOn) throw new Error('no abort-on');
    const watch = breachWatch(abortOn, before);
    for (const [index, change] of changes.entries()) {
      const found = watch(window(index, change));
      if (found) return [index, found.reason, found.firstEndMs];
    }
    return undefined;
  }

  test.each<[string, string, readonly object[], unknown]>([
    [
      'two in a row',
      "p99: '>500ms'",
      [{}, slow, slow],
      [2, 'p99 900 ms, which is >500ms for 2 windows', 200],
    ],
    ['one, and one again', "p99: '>500ms'", [slow, {}, slow, {}], undefined],
    [
      'three are wanted',
      "p99: '>500ms', consecutive: 3",
      [slow, slow, {}, slow, slow, slow],
      [5, 'p99 900 ms, which is >500ms for 3 windows', 400],
    ],
    [
      'one is enough',
      "error-rate: '>20%', consecutive: 1",
      [{}, failing],
      [1, 'error rate 50 %, which is >20% for 1 window', 200],
    ],
    [
      'an empty one interrupts nothing',
      "p99: '>500ms'",
      [slow, empty, slow],
      [2, 'p99 900 ms, which is >500ms for 2 windows', 100],
    ],
    [
      'nothing answered is slower than any bound',
      "p99: '>500ms'",
      [dead, dead],
      [1, 'p99 without an answer for 2 windows', 100],
    ],
    [
      'two conditions do not add up',
      "p99: '>500ms', error-rate: '>20%'",
      [slow, failing, slow, failing],
      undefined,
    ],
    [
      'throughput a second',
      "throughput: '<80/s'",
      [{}, failing, failing],
      [2, 'throughput 50/s, which is <80/s for 2 windows', 200],
    ],
    ['all is well', "p99: '>500ms', error-rate: '>20%', throughput: '<50/s'", [{}, {}, {}, {}], undefined],
  ])('%s: %s', (_, keys, changes, expected) => {
    expect(breach(keys, changes)).toEqual(expected);
  });

  test('throughput of before', () => {
    expect(breach("throughput: '<60% of before'", [failing, failing], 100)).toEqual([
      1,
      'throughput 50 % of before, which is <60% of before for 2 windows',
      100,
    ]);
    expect(breach("throughput: '<60% of before'", [failing, failing], undefined)).toBeUndefined();
  });
});

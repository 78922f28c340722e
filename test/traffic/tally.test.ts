import { describe, expect, test } from '@jest/globals';
import { Tally } from '../../src/traffic/tally.ts';

const good = (
  nowMs: number,
  latencyMs = 1,
): { nowMs: number; latencyMs: number; color: string; version: string } => ({
  nowMs,
  latencyMs,
  color: 'blue',
  version: 'v1',
});

describe('tally', () => {
  test('counts each request in the section it was sent in, wherever its answer falls', () => {
    const tally = new Tally(5);
    const { section: before } = tally;
    tally.sent(before, 0);
    tally.sent(before, 7);
    tally.answered(before, good(10));
    tally.mark('switch', 20);
    const { section: during } = tally;
    tally.sent(during, 0);
    tally.answered(during, { ...good(25, 4), color: 'green', version: 'v2' });
    tally.failed(before, { atMs: 30, kind: 'reset', detail: 'cut' });
    tally.end(40);
    const totals = tally.totals(50);
    expect(totals).toMatchObject({
      durationMs: 40,
      sent: 3,
      answered: 2,
      failed: 1,
      failures: { reset: 1, timeout: 0 },
      examples: [{ atMs: 30, kind: 'reset', detail: 'cut' }],
      byColor: { blue: 1, green: 1 },
      byVersion: { v1: 1, v2: 1 },
      lateSends: 1,
    });
    expect(totals.latency).toMatchObject({ p50: 1, max: 4 });
    expect(totals.sections).toMatchObject([
      { name: 'start', startMs: 0, durationMs: 20, sent: 2, answered: 1, failed: 1 },
      { name: 'switch', startMs: 20, durationMs: 20, sent: 1, answered: 1, failed: 0 },
    ]);
  });

  test('a first mark before the first request names the first section', () => {
    const tally = new Tally(5);
    tally.mark('before', 0.5);
    expect(tally.sections(1).map((one) => one.name)).toEqual(['before']);
  });

  test('nothing answered gives no latency, and the whole run is a gap', () => {
    const tally = new Tally(5);
    tally.end(300);
    expect(tally.totals(310)).toMatchObject({
      latency: undefined,
      sendErrorUs: undefined,
      longestGapMs: 300,
      longestGapAtMs: 0,
    });
  });

  const gaps: [string, (tally: Tally) => void, number[]][] = [
    ['at the start', (t) => t.answered(t.section, good(700)), [700]],
    [
      'between answers',
      (t) => {
        for (const at of [10, 20, 620, 990]) t.answered(t.section, good(at));
      },
      [600],
    ],
    ['at the end', (t) => t.answered(t.section, good(100)), [900]],
    [
      'until the last failure of what was in flight',
      (t) => {
        t.answered(t.section, good(500));
        t.end(1_000);
        t.failed(t.section, { atMs: 1_400, kind: 'timeout', detail: '' });
      },
      [900],
    ],
    [
      'over a mark, in both sections',
      (t) => {
        t.sent(t.section, 0);
        t.answered(t.section, good(100));
        t.mark('switch', 300);
        t.answered(t.section, good(600));
        t.answered(t.section, good(950));
      },
      [500, 500],
    ],
  ];
  test.each(gaps)('longest gap %s', (_, play, expected) => {
    const tally = new Tally(5);
    play(tally);
    tally.end(1_000);
    const totals = tally.totals(2_000);
    expect(totals.sections.map((one) => one.longestGapMs)).toEqual(expected);
    expect(totals.longestGapMs).toBe(Math.max(...expected));
  });

  test('keeps ten examples and sixty-four names, and loses no count', () => {
    const tally = new Tally(5);
    for (let i = 0; i < 200; i += 1) {
      tally.failed(tally.section, { atMs: i, kind: 'refused', detail: '' });
      tally.answered(tally.section, { ...good(i), version: `__proto__${i}` });
    }
    const { examples, byVersion, failures } = tally.totals(200);
    expect(examples).toHaveLength(10);
    expect(failures.refused).toBe(200);
    expect(Object.keys(byVersion)).toHaveLength(65);
    expect(Object.values(byVersion).reduce((a, b) => a + b)).toBe(200);
  });
});

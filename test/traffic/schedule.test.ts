import { describe, expect, test } from '@jest/globals';
import type { MeterPlan } from '../../src/traffic/report.ts';
import { dueMs } from '../../src/traffic/schedule.ts';
import { plan } from './fixtures/plan.ts';

const at = (over: Partial<MeterPlan>, ...numbers: number[]) =>
  numbers.map((n) => dueMs(n, { ...plan, durationMs: undefined, ...over }));

describe('when requests are due', () => {
  test('evenly, from the start', () => {
    expect(at({ rate: 200 }, 0, 1, 2, 200)).toEqual([0, 5, 10, 1_000]);
  });

  test('while the rate grows, by the square root, and evenly after it', () => {
    // 100 a second over 2 s of growth are 100 requests; the quarter of them is due at half of the time.
    expect(at({ rate: 100, rampMs: 2_000 }, 0, 25, 99.999_999, 100, 101)).toEqual([
      0,
      1_000,
      expect.closeTo(2_000, 3),
      2_000,
      2_010,
    ]);
  });

  test('never later than the one after it, and never more often than the rate', () => {
    const times = at({ rate: 500, rampMs: 777 }, ...Array.from({ length: 1_000 }, (_, n) => n));
    const pauses = times.slice(1).map((time, n) => time - (times[n] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2 - 1e-9);
  });

  test('nothing is due at the end of the duration or after it', () => {
    expect(at({ rate: 10, durationMs: 200 }, 1, 2)).toEqual([100, Number.POSITIVE_INFINITY]);
    expect(at({ rate: 10, rampMs: 1_000, durationMs: 500 }, 1, 2)).toEqual([
      expect.closeTo(447.2, 1),
      Number.POSITIVE_INFINITY,
    ]);
  });

  test('a closed loop has no times', () => {
    expect(at({ rate: 'max' }, 0)).toEqual([Number.POSITIVE_INFINITY]);
  });
});

import { expect, test } from '@jest/globals';
import { errorRate, lateShare, p99UpperBound, windowsBetween } from '../../src/traffic/gates.ts';
import type { TrafficWindow } from '../../src/traffic/report.ts';

const window = (startMs: number, p99: number | undefined): TrafficWindow => ({
  startMs,
  sent: 1,
  answered: 1,
  failed: 0,
  byColor: {},
  p50: p99,
  p99,
  max: p99,
});

test('rates are undefined without data', () => {
  expect(errorRate({ answered: 0, failed: 0 })).toBeUndefined();
  expect(errorRate({ answered: 3, failed: 1 })).toBe(0.25);
  expect(errorRate({ answered: 3, failed: 5, unreachable: 4 })).toBe(0.25);
  expect(errorRate({ answered: 0, failed: 4, unreachable: 4 })).toBeUndefined();
  expect(lateShare({ sent: 0, lateSends: 0 })).toBeUndefined();
  expect(lateShare({ sent: 4, lateSends: 1 })).toBe(0.25);
});

test('windows that touch a time range, and a bound of their p99', () => {
  const windows = [window(0, 9), window(100, 3), window(200, undefined), window(300, 8)];
  const some = windowsBetween({ windows, windowMs: 100 }, 150, 300);
  expect(some.map((one) => one.startMs)).toEqual([100, 200]);
  expect(p99UpperBound(some)).toBe(3);
  expect(p99UpperBound([])).toBeUndefined();
});

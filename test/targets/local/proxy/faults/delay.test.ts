import { describe, expect, test } from '@jest/globals';
import { drawDelayMs, isHit } from '../../../../../src/targets/local/proxy/faults/delay.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';

const count = 20_000;

function draws(distribution: 'uniform' | 'normal' | 'pareto', delayMs = 100, jitterMs = 20): number[] {
  const random = seededRandom(42);
  const effect = { effect: 'latency', delayMs, jitterMs, distribution, share: 1 } as const;
  return Array.from({ length: count }, () => drawDelayMs(effect, random)).sort((a, b) => a - b);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};
const at = (values: readonly number[], share: number) => values[Math.floor(share * values.length)] ?? 0;

describe('a delay', () => {
  test('without jitter is what was asked', () => {
    expect(new Set(draws('normal', 100, 0))).toEqual(new Set([100]));
  });

  test('is spread evenly', () => {
    const all = draws('uniform');
    expect(at(all, 0)).toBeGreaterThanOrEqual(80);
    expect(at(all, 0.999_999)).toBeLessThanOrEqual(120);
    expect(at(all, 0.25)).toBeCloseTo(90, 0);
    expect(at(all, 0.75)).toBeCloseTo(110, 0);
  });

  test('is spread normally', () => {
    const all = draws('normal');
    expect(mean(all)).toBeCloseTo(100, 0);
    expect(deviation(all)).toBeCloseTo(20, 0);
    // One deviation above the mean.
    expect(at(all, 0.841_3)).toBeCloseTo(120, 0);
  });

  test('has a long tail above, and nothing below', () => {
    const all = draws('pareto');
    expect(at(all, 0)).toBeGreaterThanOrEqual(100);
    // scale * ((1 - share) ** (-1 / 3) - 1)
    expect(at(all, 0.5) - 100).toBeCloseTo(5.2, 0);
    expect(at(all, 0.99) / (100 + 20 * (100 ** (1 / 3) - 1))).toBeCloseTo(1, 1);
  });

  test('is never below nothing', () => {
    expect(at(draws('normal', 5, 50), 0)).toBe(0);
  });
});

test.each([0, 0.001, 0.25, 1])('a share of %d is hit', (share) => {
  const random = seededRandom(7);
  const hits = Array.from({ length: count }, () => isHit(share, random)).filter(Boolean).length;
  // Four standard deviations; none where nothing is left to chance.
  expect(Math.abs(hits - share * count)).toBeLessThanOrEqual(4 * Math.sqrt(count * share * (1 - share)));
});

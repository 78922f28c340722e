import { describe, expect, test } from '@jest/globals';
import { keeps, parseBound } from '../../../src/smoke/bound.ts';
import { bucketsOf, quantile } from '../../../src/smoke/metrics/histogram.ts';
import { increases } from '../../../src/smoke/metrics/increase.ts';
import { judgeSeries, type Series } from '../../../src/smoke/series.ts';

const of = (...values: number[]): Series[] =>
  values.map((value, i) => ({ name: 'a', labels: { i: `${i}` }, value }));

describe('a bound', () => {
  test.each([
    ['5', 5, true],
    ['=5', 5.1, false],
    ['!=5', 6, true],
    ['<5', 5, false],
    ['<= 5', 5, true],
    ['>-1', 0, true],
    ['>=1e-6', 0.000001, true],
    ['<250ms', 0.249, true],
    ['<250ms', 0.25, false],
    ['<1%', 0.009, true],
    ['<64MiB', 67_108_863, true],
    ['!=5', Number.NaN, false],
    ['<5', Number.NaN, false],
    ['<5', Number.NEGATIVE_INFINITY, true],
  ])('%s of %d: %s', (text, measured, expected) => {
    const bound = parseBound(text);
    if (!bound) throw new Error('not a bound');
    expect(keeps(bound, measured)).toBe(expected);
  });

  test.each(['', '<', '<x', '5 5', 'true', '=<5', '1/s', '0x10', 'NaN', '<Infinity'])(
    'refuses "%s"',
    (text) => {
      expect(parseBound(text)).toBeUndefined();
    },
  );
});

describe('several series', () => {
  test.each([
    ['each', of(1, 2), '>=1', true, '2 series, each >=1'],
    ['each', of(1, 2, 3), '<2', false, 'a{i="1"} is 2, expected <2 (and 1 more of 3 series)'],
    ['each', of(7), '<2', false, '7, expected <2'],
    ['each', of(1, Number.NaN), '>=0', false, 'a{i="1"} is NaN, expected >=0'],
    ['sum', of(0.1, 0.2), '<1', true, 'sum of 2 series 0.3'],
    ['sum', of(1, Number.NaN), '<1', false, 'sum of 2 series NaN, expected <1'],
    ['min', of(1, 2), '>1', false, 'min of 2 series 1, expected >1'],
    ['max', of(1, Number.NaN), '<5', false, 'max of 2 series NaN, expected <5'],
    ['avg', of(1, 2), '=1.5', true, 'avg of 2 series 1.5'],
    ['count', of(), '=0', true, 'count of 0 series 0'],
  ] as const)('%s of %j %s: %s', (aggregate, series, bound, ok, detail) => {
    expect(judgeSeries(series, { aggregate, bound: parseBound(bound) })).toMatchObject({ ok, detail });
  });
});

describe('a quantile', () => {
  const buckets = (...pairs: [string, number][]) =>
    bucketsOf(pairs.map(([le, value]) => ({ name: 'h_bucket', labels: { le }, value }))) ?? [];

  test.each([
    ['the middle of a bucket', 0.5, buckets(['1', 0], ['2', 10], ['+Inf', 10]), 1.5],
    ['the first bucket begins at 0', 0.5, buckets(['1', 10], ['+Inf', 10]), 0.5],
    ['beyond the largest bound', 0.99, buckets(['1', 5], ['+Inf', 10]), 1],
    [
      'several series, added up',
      0.5,
      buckets(['1', 0], ['2', 5], ['+Inf', 5], ['1', 0], ['2', 5], ['+Inf', 5]),
      1.5,
    ],
    ['bounds in any order', 0.5, buckets(['+Inf', 10], ['2', 10], ['1', 0]), 1.5],
    ['nothing counted', 0.5, buckets(['1', 0], ['+Inf', 0]), Number.NaN],
    ['no bucket for all', 0.5, buckets(['1', 5]), Number.NaN],
    ['only a bucket for all', 0.5, buckets(['+Inf', 5]), Number.NaN],
    ['no bucket', 0.5, [], Number.NaN],
  ])('%s', (_, q, given, expected) => {
    expect(quantile(q, given)).toBe(expected);
  });

  test('needs bounds', () => {
    expect(bucketsOf([{ name: 'h_bucket', labels: {}, value: 1 }])).toBeUndefined();
  });
});

test('counters grow, are reset, appear and go', () => {
  const before = of(1, 5, 7);
  const [same, reset] = of(4, 2);
  const fresh = { name: 'a', labels: { i: 'new' }, value: 3 };
  const after = [same, reset, fresh].filter((series) => series !== undefined);
  expect(increases(before, after).map(({ value }) => value)).toEqual([3, 2, 3]);
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  count,
  duration,
  instant,
  percent,
  plural,
  shorten,
  timeOfDay,
  versionName,
} from '../../src/report/format.ts';
import { markdownOrigin, markdownText } from '../../src/report/markdown.ts';
import { logTicks, niceStep, ticks } from '../../src/report/svg/scale.ts';
import { pointsOf } from '../../src/report/svg/series.ts';
import { gapOf, timelineOf } from '../../src/report/timeline.ts';
import type { MeterReport, TrafficWindow } from '../../src/traffic/report.ts';
import { meterReport } from '../support/meter-report.ts';
import { rollbackRecord, unmeasuredRecord } from '../support/records.ts';

describe('figures for people', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [18_032, '18,032'],
    [1_234_567, '1,234,567'],
    [-1_500, '-1,500'],
    [Number.NaN, 'not measured'],
  ])('count %d is %s', (value, text) => expect(count(value)).toBe(text));

  test.each([
    [0, '0 ms'],
    [0.42, '0.42 ms'],
    [4, '4 ms'],
    [4.13, '4.1 ms'],
    [49.6, '49.6 ms'],
    [312.4, '312 ms'],
    [999.6, '1 s'],
    [1_250, '1.25 s'],
    [34_600, '34.6 s'],
    [120_000, '2 min'],
    [125_400, '2 min 5 s'],
    [undefined, 'not measured'],
    [Number.POSITIVE_INFINITY, 'not measured'],
  ])('%d ms is %s', (value, text) => expect(duration(value)).toBe(text));

  test.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.05, '5 %'],
    [0.0034, '0.34 %'],
    [5 / 4_800, '0.1 %'],
    [1 / 180_000, '0.00056 %'],
  ])('%d is %s', (value, text) => expect(percent(value)).toBe(text));

  test('a share above nothing is never shown as nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-8, max: 1, noNaN: true }), (share) => {
        expect(Number.parseFloat(percent(share))).toBeGreaterThan(0);
      }),
    );
  });

  test('others', () => {
    expect([plural(1, 'request'), plural(2, 'request')]).toEqual(['1 request', '2 requests']);
    expect([versionName('2.0'), versionName('v2'), versionName('main')]).toEqual(['v2.0', 'v2', 'main']);
    expect([instant(0), instant('never'), instant(1e300)]).toEqual([
      '1970-01-01 00:00:00 UTC',
      'never',
      '1e+300',
    ]);
    expect([timeOfDay(1_234), timeOfDay(1e300)]).toEqual(['00:00:01.234', '1e+300']);
    expect([shorten('abc', 3), shorten('abcd', 3), shorten('🚀🚀🚀', 2)]).toEqual([
      'abc',
      'abc… (1 more character)',
      '🚀🚀… (1 more character)',
    ]);
  });
});

describe('Markdown', () => {
  test.each([
    ['2026-11-21 09:30:00 UTC', '2026-11-21 09:30:00 UTC'],
    ['v1.2.3, 5 %', 'v1.2.3, 5 %'],
    ['5. item', '5&#46; item'],
    ['a|b', 'a&#124;b'],
    [':tada:', '&#58;tada:'],
    ['a\n b', 'a b'],
  ])('%j is %j', (text, written) => expect(markdownText(text)).toBe(written));

  test.each([
    ['https://github.com/a/b/actions/runs/1', /^\[.*\]\(https:\/\/github\.com\/a\/b\/actions\/runs\/1\)$/],
    ['javascript:alert(1)', /^[^[\]]*$/],
    ['https://a.example/x)](y', /^[^[\]]*$/],
    ['runner@host', /^[^[\]@]*$/],
  ])('where it ran, %j, is a link only if it is plainly one', (origin, written) => {
    expect(markdownOrigin(origin)).toMatch(written);
  });
});

describe('scales', () => {
  test.each([
    [0, 10, 5, [0, 2, 4, 6, 8, 10]],
    [-8, 8, 4, [-5, 0, 5]],
    [0, 0.5, 5, [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
  ])('from %d to %d in about %d parts', (from, to, parts, list) =>
    expect(ticks(from, to, parts)).toEqual(list),
  );

  test('are short and within their bounds, whatever these are', () => {
    const bound = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        const list = ticks(Math.min(a, b), Math.max(a, b), 5);
        expect(list.length).toBeLessThan(20);
      }),
    );
  });

  test('logarithmic', () => {
    expect(logTicks(0.5, 120)).toEqual([0.5, 1, 2, 5, 10, 20, 50, 100]);
    expect(logTicks(0.01, 1_000)).toEqual([0.01, 0.1, 1, 10, 100, 1_000]);
    expect(niceStep(7, 5)).toBe(2);
  });
});

const steady = (
  change: (window: TrafficWindow, n: number) => Partial<TrafficWindow>,
  more: Partial<MeterReport> = {},
): MeterReport => {
  const meter = meterReport({ seed: 5, startedAt: 0, windows: 100, rate: 1_000, turns: [] });
  return { ...meter, windows: meter.windows.map((one, n) => ({ ...one, ...change(one, n) })), ...more };
};

describe('down-sampling', () => {
  test('loses no request, no failure and no maximum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250 }), fc.integer({ min: 1, max: 60 }), (windows, limit) => {
        const meter = meterReport({
          seed: windows,
          startedAt: 0,
          windows,
          rate: 90,
          turns: [{ atMs: windows * 50, color: 'green', version: 'v2', failShare: 0.1 }],
        });
        const points = pointsOf(meter, limit);
        expect(points.length).toBeLessThanOrEqual(limit);
        expect(points.reduce((sum, one) => sum + one.sent, 0)).toBe(meter.sent);
        expect(points.reduce((sum, one) => sum + one.failed, 0)).toBe(meter.failed);
        expect(Math.max(...points.map((one) => one.max ?? 0))).toBe(meter.latency?.max ?? 0);
      }),
      { numRuns: 40 },
    );
  });

  test('a last window that was cut short is no drop', () => {
    const meter = steady((one, n) => (n === 99 ? { sent: 50, answered: 50, byColor: { blue: 50 } } : one), {
      durationMs: 9_950,
    });
    expect(pointsOf(meter, 100).at(-1)?.blue).toBe(1_000);
  });
});

describe('the longest gap', () => {
  test.each<[string, Partial<MeterReport>, ReturnType<typeof gapOf>]>([
    ['is marked where it was', { longestGapMs: 410, longestGapAtMs: 4_000 }, { fromMs: 4_000, toMs: 4_410 }],
    ['is not marked if no longer than the spacing', { longestGapMs: 2.4, longestGapAtMs: 70 }, undefined],
  ])('%s', (_, figures, span) => {
    expect(gapOf({ ...steady(() => ({})), ...figures })).toEqual(span);
  });
});

describe('the timeline', () => {
  test('has its marks in order and counts from the switch', () => {
    const timeline = timelineOf(rollbackRecord());
    expect(timeline?.marks.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['switch', 8_000],
      ['breach', 11_334],
      ['rollback', 11_420],
    ]);
    expect(timeline?.zeroMs).toBe(8_000);
    expect(timeline?.names).toEqual({ blue: 'blue · v3', green: 'green · v2' });
    expect(timeline?.bands).toEqual([{ kind: 'bake', label: 'bake', fromMs: 8_173, toMs: 11_363 }]);
  });

  test('is not there without a meter', () => expect(timelineOf(unmeasuredRecord())).toBeUndefined());
});

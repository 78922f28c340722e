import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OpenWindows, type WindowSamples } from '../../src/traffic/open-windows.ts';
import { bucketOf, mostWindows, topOf, WindowSeries } from '../../src/traffic/window-series.ts';

const samples = (startMs: number, latenciesMs: number[]): WindowSamples => ({
  startMs,
  sent: latenciesMs.length + 1,
  answered: latenciesMs.length,
  failed: 1,
  byColor: { blue: latenciesMs.length },
  latenciesUs: Uint32Array.from(latenciesMs, (ms) => ms * 1_000),
});

describe('open windows', () => {
  test('gives a window out once it is over and settled, in order', () => {
    const windows = new OpenWindows();
    const [first, third] = [windows.at(99.9), windows.at(210)];
    first.sent += 1;
    third.sent += 1;
    expect(windows.takeComplete(300)).toEqual([]);
    third.answered += 1;
    third.latenciesUs.push(5);
    expect(windows.takeComplete(305)).toEqual([]);
    first.failed += 1;
    const taken = windows.takeComplete(305);
    expect(taken.map((one) => [one.startMs, one.sent, one.answered, one.failed])).toEqual([
      [0, 1, 0, 1],
      [100, 0, 0, 0],
      [200, 1, 1, 0],
    ]);
    expect(taken[2]?.latenciesUs).toEqual(Uint32Array.of(5));
    expect(windows.takeComplete(305)).toEqual([]);
  });

  test('gives the rest out at the end, without empty windows after the last request', () => {
    const windows = new OpenWindows();
    windows.at(150).sent += 1;
    windows.at(420);
    expect(windows.takeAll().map((one) => one.startMs)).toEqual([0, 100]);
  });
});

describe('window series', () => {
  test('figures of one window are exact', () => {
    const series = new WindowSeries();
    const latencies = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(series.add(samples(0, latencies))).toEqual({
      startMs: 0,
      sent: 101,
      answered: 100,
      failed: 1,
      byColor: { blue: 100 },
      p50: 50,
      p99: 99,
      max: 100,
    });
    expect(series.add(samples(100, []))).toMatchObject({ p50: undefined, p99: undefined, max: undefined });
  });

  test('long runs merge neighbours: bounded, no count lost, percentiles of the whole within 1 %', () => {
    const series = new WindowSeries();
    const total = 2 * mostWindows + 7;
    for (let i = 0; i < total; i += 1) series.add(samples(i * 100, [1, 2, i === 1 ? 500 : 3]));
    const windows = series.windows();
    expect(series.windowMs).toBe(400);
    expect(windows.length).toBe(Math.ceil(total / 4));
    expect(windows.map((one) => one.startMs)).toEqual(windows.map((_, i) => i * 400));
    expect(windows.reduce((sum, one) => sum + one.sent, 0)).toBe(total * 4);
    expect(windows.reduce((sum, one) => sum + (one.byColor['blue'] ?? 0), 0)).toBe(total * 3);
    expect(windows[0]?.max).toBe(500);
    expect(windows[0]?.p50).toBeCloseTo(2, 1);
    expect(windows[1]?.p99).toBeCloseTo(3, 1);
  });

  test('buckets are ordered, less than 1 % wide and hold what falls into them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (us) => {
        const top = topOf(bucketOf(us));
        expect(top).toBeGreaterThanOrEqual(us);
        expect(top - us).toBeLessThanOrEqual(us * 0.01);
        expect(bucketOf(top)).toBe(bucketOf(us));
        if (top < 2 ** 32 - 1) expect(bucketOf(top + 1)).toBeGreaterThan(bucketOf(us));
      }),
    );
  });
});

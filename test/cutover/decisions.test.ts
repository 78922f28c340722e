import { describe, expect, test } from '@jest/globals';
import { judge, type Limits, type Observation } from '../../src/cutover/gates.ts';
import type { Operation } from '../../src/cutover/operation.ts';
import { decideResumption } from '../../src/cutover/resume.ts';
import type { Color, Inventory } from '../../src/targets/target.ts';

describe('gates', () => {
  const fast = { p50: 1, p90: 2 };
  const good: Observation = {
    settled: 1_000,
    failed: 0,
    unreachable: 0,
    latency: { p50: 1, p90: 2, p99: 4 },
    lateShare: 0,
    baseline: 'answered',
  };
  const limits: Limits = { failedRequests: 0, slo: { errorRate: 0.01, p99: 50, recovery: undefined } };
  const passed = { 'failed requests': 'passed', 'error rate': 'passed', p99: 'passed' };
  test.each<[string, Partial<Observation>, Partial<typeof limits>, Record<string, string>]>([
    ['all is well', {}, {}, passed],
    ['one failed', { failed: 1 }, {}, { ...passed, 'failed requests': 'failed' }],
    ['one failed of one allowed', { failed: 1 }, { failedRequests: 1 }, passed],
    ['too many', { failed: 20 }, { failedRequests: 100 }, { ...passed, 'error rate': 'failed' }],
    ['slow', { latency: { ...fast, p99: 51 } }, {}, { ...passed, p99: 'failed' }],
    [
      'the meter was late, and still within the limit',
      { latency: { ...fast, p99: 50 }, lateShare: 0.1 },
      {},
      passed,
    ],
    [
      'slower than late sends can explain',
      { latency: { p50: 1, p90: 60, p99: 90 }, lateShare: 0.05 },
      {},
      { ...passed, p99: 'failed' },
    ],
    [
      'slow throughout, and the meter was late',
      { latency: { p50: 60, p90: 70, p99: 90 }, lateShare: 0.3 },
      {},
      { ...passed, p99: 'failed' },
    ],
    [
      'slow, but the meter was late',
      { latency: { ...fast, p99: 51 }, lateShare: 0.1 },
      {},
      { ...passed, p99: 'inconclusive' },
    ],
    [
      'no requests',
      { settled: 0, latency: undefined },
      {},
      { 'failed requests': 'inconclusive', 'error rate': 'inconclusive', p99: 'inconclusive' },
    ],
    [
      'unreachable before and after',
      { settled: 50, failed: 50, latency: undefined, baseline: 'unreachable' },
      {},
      { 'failed requests': 'inconclusive', 'error rate': 'inconclusive', p99: 'inconclusive' },
    ],
    [
      'some never left this machine',
      { unreachable: 3 },
      {},
      { ...passed, 'failed requests': 'inconclusive' },
    ],
    [
      'some never left this machine, and one failed',
      { unreachable: 3, failed: 1 },
      {},
      { ...passed, 'failed requests': 'failed' },
    ],
    [
      'down since the switch',
      { settled: 50, failed: 50, latency: undefined },
      {},
      { 'failed requests': 'failed', 'error rate': 'failed', p99: 'inconclusive' },
    ],
  ])('%s', (_, seen, changed, expected) => {
    const gates = judge({ ...good, ...seen }, { ...limits, ...changed }, 'end');
    expect(Object.fromEntries(gates.map(({ name, verdict }) => [name, verdict]))).toEqual(expected);
  });

  test('one slow request among a few is no breach while watching, and is one at the end', () => {
    const seen = { ...good, settled: 50, latency: { ...fast, p99: 80 } };
    const p99 = (moment: 'watching' | 'end') => judge(seen, limits, moment).at(-1)?.verdict;
    expect([p99('watching'), p99('end')]).toEqual(['passed', 'failed']);
  });

  test('without limits only failed requests are judged', () => {
    const gates = judge(
      good,
      { failedRequests: 0, slo: { errorRate: undefined, p99: undefined, recovery: undefined } },
      'end',
    );
    expect(gates.map(({ name }) => name)).toEqual(['failed requests']);
  });
});

describe('resuming', () => {
  type Case = { phase: Operation['phase']; direction?: 'back'; live: readonly Color[]; green?: 'absent' };
  const operation = ({ phase, direction = undefined }: Case): Operation => ({
    schema: 'cutover/operation/v1',
    kind: 'apply',
    release: { id: 'v2-0', version: 'v2', artifacts: {} },
    startedAt: 0,
    holder: 'a run',
    phase,
    direction: direction ?? 'forward',
    reason: direction ? 'p99' : '',
    moves: ['a', 'b'].map((component) => ({ component, from: 'blue', to: 'green', instances: 1 })),
  });
  const inventory = ({ live, green }: Case): Inventory => {
    const color = (status: 'ready' | 'absent') => ({
      status,
      release: undefined,
      instances: [],
      keepUntil: undefined,
    });
    const component = (name: string, route: Color) => ({
      name,
      route: { live: route, version: 1 },
      colors: { blue: color('ready'), green: color(green ?? 'ready') },
    });
    return { components: { a: component('a', live[0] ?? 'blue'), b: component('b', live[1] ?? 'blue') } };
  };
  test.each<[Case, string, RegExp]>([
    [{ phase: 'preparing', live: ['blue', 'blue'] }, 'undo', /no route had moved/],
    [{ phase: 'switching', live: ['blue', 'blue'] }, 'undo', /no route had moved/],
    [{ phase: 'switching', live: ['green', 'blue'] }, 'undo', /only 1 of 2/],
    [{ phase: 'switching', live: ['green', 'green'] }, 'finish', /bake was not finished/],
    [{ phase: 'baking', live: ['green', 'green'] }, 'finish', /bake was not finished/],
    [{ phase: 'baking', live: ['green', 'green'], green: 'absent' }, 'undo', /no longer runs/],
    [{ phase: 'baking', live: ['blue', 'green'] }, 'undo', /only 1 of 2/],
    [{ phase: 'retiring', live: ['green', 'green'] }, 'retire', /proven/],
    [{ phase: 'switching', direction: 'back', live: ['green', 'green'] }, 'undo', /going back: p99/],
    [{ phase: 'retiring', direction: 'back', live: ['blue', 'blue'] }, 'undo', /going back: p99/],
  ])('%j', (given, wanted, reason) => {
    const next = decideResumption(operation(given), inventory(given));
    expect(next).toEqual({ do: wanted, reason: expect.stringMatching(reason) });
  });
});

import { expect, test } from '@jest/globals';
import { latency } from '../../../src/chaos/faults/latency.ts';
import { aimAt, evidence, probes } from './evidence.ts';

const spec = (changes: object = {}) => ({
  delay: 100,
  jitter: 0,
  distribution: 'normal',
  share: 1,
  ...changes,
});

test('delays the whole colour', () => {
  expect(latency.disturbance(spec({ jitter: 10, share: 0.5 }), aimAt(['a']))).toEqual({
    kind: 'network',
    component: 'gateway',
    color: 'green',
    instances: 'all',
    effect: { effect: 'latency', delayMs: 100, jitterMs: 10, distribution: 'normal', share: 0.5 },
  });
});

const five = [2, 2, 3, 2, 2];
const slow = [102, 99, 105, 101, 100];

test.each<[string, object, readonly number[], readonly number[], boolean]>([
  ['what was asked', {}, five, slow, true],
  ['80 % of it', {}, five, [82, 82, 82, 82, 82], true],
  ['less', {}, five, [81, 81, 81, 81, 81], false],
  ['nothing', {}, five, five, false],
  ['one outlier', {}, five, [2, 2, 2, 2, 900], false],
  ['too few before', {}, [2, 2], slow, false],
  ['too few during', {}, five, [100, 100], false],
  ['a share of the requests', { share: 0.2 }, five, [2, 2, 2, 2, 2, 2, 2, 2, 102, 102], true],
  ['a smaller share than asked', { share: 0.5 }, five, [2, 2, 2, 2, 2, 2, 2, 2, 2, 102], false],
])('%s', (_, changes, before, during, isSeen) => {
  const seen = evidence({ before: { probes: probes(before) }, during: { probes: probes(during) } });
  expect(latency.witness(spec(changes), seen, aimAt(['a'])).seen).toBe(isSeen);
});

test('what did not answer was not delayed', () => {
  const during = probes([5_000, 5_000, 5_000, 5_000, 5_000], { outcome: 'timeout', status: undefined });
  const seen = evidence({ before: { probes: probes(five) }, during: { probes: during } });
  expect(latency.witness(spec(), seen, aimAt(['a']))).toEqual({
    seen: false,
    detail: 'only 5 round trips before and 0 while it lasted',
  });
});

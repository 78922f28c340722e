import { describe, expect, test } from '@jest/globals';
import { blastOf, type GuardInput, guard, type Hit } from '../../src/chaos/guards.ts';
import { heldBack, stepsOf } from '../../src/chaos/order.ts';
import { numbersFrom } from '../../src/chaos/seed.ts';
import { select } from '../../src/chaos/select.ts';
import type { Protect } from '../../src/config/model.ts';
import { parseTimeWindow } from '../../src/config/values/time-window.ts';
import type { ColorState, Instance, Inventory } from '../../src/targets/target.ts';
import { unprotected } from '../support/protection.ts';
import { instance } from './faults/evidence.ts';

const colorOf = (color: 'blue' | 'green', statuses: readonly Instance['status'][]): ColorState => ({
  status: 'ready',
  release: undefined,
  instances: statuses.map((status, index) => instance(`gateway/${color}-${index + 1}`, { color, status })),
  keepUntil: undefined,
});

const ready = (count: number): Instance['status'][] => Array.from({ length: count }, () => 'ready');

function inventory(blue: readonly Instance['status'][], green: readonly Instance['status'][]): Inventory {
  const colors = { blue: colorOf('blue', blue), green: colorOf('green', green) };
  return { components: { gateway: { name: 'gateway', route: { live: 'blue', version: 1 }, colors } } };
}

/** Of the live colour, unless told otherwise. */
const hit = (numbers: readonly number[], changes: Partial<Hit> = {}): Hit => ({
  kind: 'kill',
  component: 'gateway',
  color: 'blue',
  instances: numbers.map((number) => `gateway/${changes.color ?? 'blue'}-${number}`),
  share: 1,
  takesDown: true,
  ...changes,
});

interface Case extends Partial<Omit<GuardInput, 'protect'>> {
  protect?: Partial<Protect>;
}

const guarded = ({ protect = {}, ...input }: Case) =>
  guard({
    inventory: inventory(ready(3), ready(1)),
    now: 0,
    hits: [],
    alreadyHit: [],
    ...input,
    protect: { ...unprotected, ...protect },
  }).map((reason) => reason.split(':')[0]);

const standby = { color: 'green' } as const;
const slow = { takesDown: false, kind: 'latency' } as const;
const monday10 = Date.UTC(2026, 0, 5, 10);
const window = parseTimeWindow('Mon-Fri 08:00-18:00 Europe/London');

describe('guards', () => {
  test.each<[string, Case, readonly string[]]>([
    ['one of three', { hits: [hit([1])] }, []],
    ['all but one', { hits: [hit([1, 2])] }, []],
    ['the last ones', { hits: [hit([1, 2, 3])] }, ['protect.last-replica']],
    [
      'the last ready one',
      { inventory: inventory(['ready', 'exited', 'exited'], ready(1)), hits: [hit([1])] },
      ['protect.last-replica'],
    ],
    [
      'the only one of a live colour',
      { inventory: inventory(ready(1), ready(1)), hits: [hit([1])] },
      ['protect.last-replica'],
    ],
    [
      'the only one of a live colour, allowed',
      { inventory: inventory(ready(1), []), hits: [hit([1])], protect: { lastReplica: 'allow' } },
      [],
    ],
    ['the only one of a standby colour', { hits: [hit([1], standby)] }, []],
    [
      'the last one, one after the other',
      { hits: [hit([3])], alreadyHit: [hit([1]), hit([2])] },
      ['protect.last-replica'],
    ],
    ['the last one, by faults of another kind', { hits: [hit([1, 2, 3], slow)] }, []],
    ['already down and hit again', { hits: [hit([1])], alreadyHit: [hit([1])] }, []],
    ['too few left', { hits: [hit([1, 2])], protect: { minHealthy: 2 } }, ['protect.min-healthy']],
    ['just enough left', { hits: [hit([1])], protect: { minHealthy: 2 } }, []],
    ['too few on standby', { hits: [hit([1], standby)], protect: { minHealthy: 5 } }, []],
    ['too few, but nothing goes down', { hits: [hit([1, 2], slow)], protect: { minHealthy: 5 } }, []],
    ['too large a share', { hits: [hit([1, 2])], protect: { maxPercent: 0.5 } }, ['protect.max-percent']],
    ['a share that is allowed', { hits: [hit([1])], protect: { maxPercent: 0.34 } }, []],
    [
      'a share of requests',
      { hits: [hit([1, 2, 3], { ...slow, share: 0.1 })], protect: { maxPercent: 0.2 } },
      [],
    ],
    [
      'too large a share of requests',
      { hits: [hit([1, 2, 3], { ...slow, share: 0.3 })], protect: { maxPercent: 0.2 } },
      ['protect.max-percent'],
    ],
    [
      'too large a share, one after the other',
      { hits: [hit([2])], alreadyHit: [hit([1])], protect: { maxPercent: 0.5 } },
      ['protect.max-percent'],
    ],
    ['too large a share on standby', { hits: [hit([1], standby)], protect: { maxPercent: 0.1 } }, []],
    [
      'an untouchable component',
      { hits: [hit([1])], protect: { components: ['gateway'] } },
      ['protect.components'],
    ],
    [
      'an untouchable component on standby',
      { hits: [hit([1], standby)], protect: { components: ['gateway'] } },
      ['protect.components'],
    ],
    ['another untouchable component', { hits: [hit([1])], protect: { components: ['matcher'] } }, []],
    ['in the window', { hits: [hit([1])], now: monday10, protect: { window } }, []],
    [
      'out of the window',
      { hits: [hit([1])], now: monday10 + 9 * 3_600_000, protect: { window } },
      ['protect.window'],
    ],
    [
      'out of the window on standby',
      { hits: [hit([1], standby)], now: monday10 + 9 * 3_600_000, protect: { window } },
      ['protect.window'],
    ],
    [
      'several at once',
      { hits: [hit([1, 2, 3])], protect: { minHealthy: 1, maxPercent: 0.5 } },
      ['protect.last-replica', 'protect.min-healthy', 'protect.max-percent'],
    ],
    ['nothing', { protect: { components: ['gateway'], window } }, []],
  ])('%s', (_, input, refused) => {
    expect(guarded(input)).toEqual(refused);
  });

  test.each<[readonly Hit[], number]>([
    [[], 0],
    [[hit([1])], 0.25],
    [[hit([1]), hit([1, 2])], 0.5],
    [[hit([1, 2, 3, 4], { share: 0.1 }), hit([1])], (1 + 3 * 0.1) / 4],
  ])('blast radius of %j', (hits, share) => {
    const all = [1, 2, 3, 4].map((number) => `gateway/blue-${number}`);
    expect(blastOf({ all, hits })).toBeCloseTo(share);
  });
});

describe('choice', () => {
  const all = Array.from({ length: 10 }, (_, index) => instance(`gateway/green-${index + 1}`));
  const ids = (chosen: readonly Instance[]) => chosen.map(({ id }) => id);
  const of = (fault: { count?: number; percent?: number }, instances = all, seed = 'seed') =>
    select({ count: undefined, percent: undefined, ...fault }, { hits: 'instances', seed, instances });

  test('is the same for the same seed, whatever the order of the list', () => {
    expect(ids(of({ count: 3 }).chosen)).toEqual(ids(of({ count: 3 }, all.toReversed()).chosen));
    expect(ids(of({ count: 3 }).chosen)).toEqual(['gateway/green-1', 'gateway/green-10', 'gateway/green-9']);
  });

  test('differs with the seed, and every instance has its turn', () => {
    const chosen = Array.from({ length: 300 }, (_, seed) => ids(of({ count: 1 }, all, `${seed}`).chosen)[0]);
    const counts = all.map(({ id }) => chosen.filter((one) => one === id).length);
    expect(Math.min(...counts)).toBeGreaterThan(10);
    expect(Math.max(...counts)).toBeLessThan(60);
  });

  test.each<[object, number]>([
    [{}, 1],
    [{ count: 4 }, 4],
    [{ percent: 0.5 }, 5],
    [{ percent: 0.19 }, 1],
    [{ percent: 0.01 }, 1],
    [{ percent: 1 }, 10],
  ])('%j chooses %i', (fault, count) => {
    const { chosen, short } = of(fault);
    expect([new Set(ids(chosen)).size, short]).toEqual([count, undefined]);
  });

  test('passes over what is not ready, and says when that is too few', () => {
    const some = all.map((one, index) => ({ ...one, status: index < 8 ? 'exited' : 'ready' }) as const);
    expect(ids(of({ count: 2 }, some).chosen)).toEqual(['gateway/green-10', 'gateway/green-9']);
    expect(of({ count: 3 }, some)).toEqual({ chosen: [], short: 'only 2 of the 3 asked for are ready' });
    expect(of({}, [])).toEqual({ chosen: [], short: 'no instance is ready' });
  });

  test('of a fault that hits the whole colour is all of it', () => {
    const { chosen } = select(
      { count: 1, percent: undefined },
      { hits: 'component', seed: 'seed', instances: all },
    );
    expect(chosen).toHaveLength(10);
  });

  test('numbers of a seed stay what they are', () => {
    const next = numbersFrom('seed');
    expect(Array.from({ length: 8 }, () => next(100))).toEqual([94, 7, 2, 62, 9, 9, 34, 55]);
  });
});

describe('order', () => {
  const one = (name: string, after: readonly string[] = [], group?: string) => ({ name, after, group });
  const names = (steps: readonly (readonly { name: string }[])[]) =>
    steps.map((step) => step.map(({ name }) => name).join('+'));

  test.each([
    [
      [one('a'), one('b'), one('c')],
      ['a', 'b', 'c'],
    ],
    [
      [one('a', ['c']), one('b'), one('c')],
      ['b', 'c', 'a'],
    ],
    [
      [one('a', [], 'g'), one('b'), one('c', [], 'g')],
      ['a+c', 'b'],
    ],
    [
      [one('a', ['b'], 'g'), one('b'), one('c', [], 'g')],
      ['b', 'a+c'],
    ],
    [
      [one('a', ['elsewhere']), one('b')],
      ['a', 'b'],
    ],
    [
      [one('a', ['b']), one('b', ['a'])],
      ['a', 'b'],
    ],
  ])('of %j', (experiments, steps) => {
    expect(names(stepsOf(experiments))).toEqual(steps);
  });

  test.each([
    [['a'], undefined],
    [['a', 'b'], 'not run: it comes after b, which failed'],
    [['c'], 'not run: it comes after c, which was inconclusive'],
    [['elsewhere'], undefined],
  ])('after %j: %s', (after, reason) => {
    expect(
      heldBack(
        { after },
        new Map([
          ['a', 'passed'],
          ['b', 'failed'],
          ['c', 'inconclusive'],
        ]),
      ),
    ).toBe(reason);
  });
});

import { describe, expect, test } from '@jest/globals';
import { circleIn, needsOf, waitsFor, withNeeded } from '../../src/smoke/order.ts';
import { fake, passing } from './fixtures/fake-checks.ts';

const check = (name: string, needs: string[] = []) => fake(name, () => passing, { needs });
const load = (name: string, needs: string[] = []) => fake(name, () => passing, { needs, alone: 'alone' });

describe('what a check waits for', () => {
  test('what it needs, and what it uses', () => {
    const spec = {
      headers: { a: 'x ${checks.login.body.token} y' },
      list: ['${checks.b.status}', '${checks.login.a}'],
    };
    expect(needsOf({ needs: ['a'], spec })).toEqual(['a', 'login', 'b']);
  });

  test('nothing else, unless it runs alone: then all that does not depend on it', () => {
    const waits = waitsFor([
      load('load'),
      check('a'),
      check('b', ['a']),
      check('after', ['load']),
      check('later', ['after']),
      load('more'),
    ]);
    expect(Object.fromEntries(waits)).toEqual({
      load: ['a', 'b'],
      a: [],
      b: ['a'],
      after: ['load'],
      later: ['after'],
      more: ['a', 'b', 'after', 'later'],
    });
  });
});

test('some of the checks bring all that they need, in the order of the file', () => {
  const all = [
    check('c', ['b']),
    check('other'),
    check('a'),
    check('b', ['a']),
    check('x', ['y']),
    check('y', ['x']),
  ];
  const names = (only: string[]) => withNeeded(all, only).map(({ name }) => name);
  expect(names(['c'])).toEqual(['c', 'a', 'b']);
  expect(names(['a'])).toEqual(['a']);
  expect(names(['x'])).toEqual(['x', 'y']);
});

describe('circles', () => {
  test.each<[string, [string, string[]][], string[] | undefined]>([
    [
      'none',
      [
        ['a', ['b']],
        ['b', ['c']],
        ['c', []],
      ],
      undefined,
    ],
    ['itself', [['a', ['a']]], ['a', 'a']],
    [
      'two',
      [
        ['x', ['a']],
        ['a', ['b']],
        ['b', ['a']],
      ],
      ['a', 'b', 'a'],
    ],
    [
      'a diamond is none',
      [
        ['a', ['b', 'c']],
        ['b', ['d']],
        ['c', ['d']],
        ['d', []],
      ],
      undefined,
    ],
    ['unknown names', [['a', ['nobody']]], undefined],
  ])('%s', (_, needs, circle) => {
    expect(circleIn(new Map(needs))).toEqual(circle);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, nearest } from '../../src/config/suggest.ts';

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['port', 'port', 0],
    ['prot', 'port', 1],
    ['pot', 'port', 1],
    ['portt', 'port', 1],
    ['part', 'port', 1],
    ['kitten', 'sitting', 3],
  ])('%j to %j: %d', (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

  test('is symmetric and 0 only for equal texts', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});

describe('nearest', () => {
  const keys = ['healthy-after', 'unhealthy-after', 'http', 'port', 'run'];
  test.each([
    ['healthy_after', 'healthy-after'],
    ['HTTP', 'http'],
    ['prot', 'port'],
    ['rum', 'run'],
    ['xyz', undefined],
    ['', undefined],
    ['p'.repeat(1_000_000), undefined],
  ])('%j', (given, expected) => expect(nearest(given, keys)).toBe(expected));
});

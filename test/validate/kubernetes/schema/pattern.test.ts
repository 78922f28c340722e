import { describe, expect, test } from '@jest/globals';
import { limitOf, matches } from '../../../../src/validate/kubernetes/schema/pattern.ts';

describe('patterns of definitions', () => {
  test.each([
    ['^[a-z]+$', 'abc', true],
    ['^[a-z]+$', 'ABC', false],
    ['^[0-9]{1,5}(h|m|s|ms)$', '10s', true],
    ['^a\\-b$', 'a-b', true],
    ['(?P<name>x)', 'x', undefined],
    ['[', 'x', undefined],
    ['^(a+)+$', `${'a'.repeat(60)}!`, undefined],
    ['^(a+)+$', 'aaa!', false],
    ['^(a|aa)+$', `${'a'.repeat(60)}!`, undefined],
    ['^(?:(?:x*)y?)*$', `${'x'.repeat(60)}!`, undefined],
    ['^(a{1,99}){1,99}$', `${'a'.repeat(60)}!`, undefined],
    ['^a*a*a*a*a*$', `${'a'.repeat(200)}!`, undefined],
    ['^[a-z]+$', 'a'.repeat(300), undefined],
  ])('%s on %s', (pattern, value, result) => {
    expect(matches(pattern, value)).toBe(result);
  });

  test.each([
    ['^[+*|(]+$', 256],
    ['^\\(\\*+\\)$', 256],
    ['^([0-9]{1,5}(h|m|s|ms)){1,4}$', 256],
    ['^(\\d+)?$', 256],
    ['^(\\d+,)+$', 20],
    ['^(a|b)*$', 20],
  ])('%s is tried on up to %d characters', (pattern, length) => {
    expect(limitOf(pattern)).toBe(length);
  });
});

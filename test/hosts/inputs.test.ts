import { describe, expect, test } from '@jest/globals';
import {
  duration,
  InvalidInputs,
  oneOf,
  readInputs,
  refusal,
  text,
  textOr,
  trueOrFalse,
} from '../../src/hosts/inputs.ts';

const kinds = {
  file: textOr('cutover.yml'),
  environment: text,
  mode: oneOf(['apply', 'plan'], 'apply'),
  'allow-older': trueOrFalse('no'),
  bake: duration,
};

const read = (given: Record<string, string>) => readInputs(kinds, (name) => given[name] ?? '');

describe('readInputs', () => {
  test('fills in defaults, takes empty and blank for not given, and freezes', () => {
    const inputs = read({ environment: '  ', mode: '' });
    expect(inputs).toEqual({
      file: 'cutover.yml',
      environment: undefined,
      mode: 'apply',
      'allow-older': 'no',
      bake: undefined,
    });
    expect(Object.isFrozen(inputs)).toBe(true);
  });

  test.each([
    ['mode', ' plan ', 'plan'],
    ['allow-older', 'true', 'yes'],
    ['allow-older', 'TRUE', 'yes'],
    ['allow-older', 'False', 'no'],
    ['bake', '30s', 30_000],
    ['bake', '1m30s', 90_000],
    ['file', 'a b.yml', 'a b.yml'],
  ] as const)('%s: %j is %j', (name, given, value) => {
    expect(read({ [name]: given })[name]).toBe(value);
  });

  test.each([
    ['allow-older', 'yes'],
    ['allow-older', '1'],
    ['allow-older', 'tRUE'],
    ['allow-older', 'toString'],
    ['bake', '30'],
    ['bake', '3abc'],
    ['bake', '-1s'],
    ['mode', 'Apply'],
    ['mode', 'constructor'],
  ])('%s: %j is refused, never replaced by a default', (name, given) => {
    expect(() => read({ [name]: given })).toThrow(InvalidInputs);
  });

  test('tells all problems at once', () => {
    const problems = () => read({ mode: 'aply', 'allow-older': 'yes', bake: '3' });
    expect(problems).toThrow(
      expect.objectContaining({
        problems: [
          'inputs/mode: "aply" is not one of apply, plan, did you mean "apply"?',
          'inputs/allow-older: "yes" is not true or false',
          'inputs/bake: "3" is not a duration such as 500ms, 30s or 10m',
        ],
      }),
    );
  });

  test('a refusal shows what was given on one line', () => {
    expect(refusal('a\nb', duration)).toBe('"a\\nb" is not a duration such as 500ms, 30s or 10m');
  });
});

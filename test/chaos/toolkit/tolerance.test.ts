import { describe, expect, test } from '@jest/globals';
import { toolkitPath } from '../../../src/chaos/toolkit/tolerance/path.ts';
import { pythonRegex } from '../../../src/chaos/toolkit/tolerance/regex.ts';
import { within } from '../../../src/chaos/toolkit/tolerance/within.ts';
import { experimentIn, problemsIn, written } from './harness.ts';

const probeWith = (tolerance: unknown): string =>
  written({
    probes: [
      `{ type: probe, name: p, tolerance: ${JSON.stringify(tolerance)}, provider: { type: http, url: "http://127.0.0.1/" } }`,
    ],
  });

function judge(tolerance: unknown, output: unknown): boolean {
  const read = experimentIn(probeWith(tolerance)).hypothesis?.probes[0]?.tolerance;
  if (!read || read.kind === 'probe') throw new Error('not a tolerance of this test');
  return within(read, output).met;
}

const answer = { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'welcome=hello\n' };
const json = { status: 200, headers: {}, body: { foo: [{ baz: 1 }, { baz: 2 }], name: 'a' } };

// The examples are those of https://chaostoolkit.org/reference/api/experiment/#steady-state-probe-tolerance
describe('tolerances', () => {
  test.each<[string, unknown, unknown, boolean]>([
    ['true is true', true, true, true],
    ['true is not false', true, false, false],
    ['true is 1 for Python', true, 1, true],
    ['true is not a mapping', true, answer, false],
    ['8 is 8', 8, 8, true],
    ['8 is not 9', 8, 9, false],
    ['8 is no text', 8, '8', false],
    ['200 is the status of an answer', 200, answer, true],
    ['404 is not', 404, answer, false],
    ['0 is the exit code', 0, { status: 0, stdout: '', stderr: '' }, true],
    ['OK is OK', 'OK', 'OK', true],
    ['OK is not KO', 'OK', 'KO', false],
    ['two are bounds: the lower', [4, 9], 4, true],
    ['two are bounds: the upper', [4, 9], 9, true],
    ['two are bounds: above', [4, 9], 9.5, false],
    ['bounds of texts', ['a', 'c'], 'b', true],
    ['a text has no place between numbers', [4, 9], '5', false],
    ['three are the values allowed', [4, 9, 78], 78, true],
    ['three are no bounds', [4, 9, 78], 5, false],
    ['one is the value allowed', [4], 4, true],
    ['a status is looked for in the list', [200, 204, 301], answer, true],
    ['also where the list has two', [100, 300], answer, false],
    ['regex', { type: 'regex', pattern: '[0-9]{3}' }, 'abc 123', true],
    ['regex elsewhere', { type: 'regex', pattern: '[0-9]{3}' }, 'abc 12', false],
    ['regex without a target looks at the status', { type: 'regex', pattern: '^2..$' }, answer, true],
    [
      'regex with a target',
      { type: 'regex', target: 'stdout', pattern: '[0-9]{2}' },
      { status: 1, stdout: 'is 42', stderr: '' },
      true,
    ],
    [
      'regex up to a last line break',
      { type: 'regex', target: 'body', pattern: '^welcome=hello$' },
      answer,
      true,
    ],
    ['regex in nothing', { type: 'regex', pattern: 'a' }, null, false],
    ['jsonpath', { type: 'jsonpath', target: 'body', path: 'foo[*].baz' }, json, true],
    [
      'jsonpath in JSON text',
      { type: 'jsonpath', target: 'stdout', path: '$.a' },
      { status: 0, stdout: '{"a":1}' },
      true,
    ],
    ['jsonpath without a match', { type: 'jsonpath', target: 'body', path: '$.bar' }, json, false],
    ['jsonpath in text that is none', { type: 'jsonpath', target: 'body', path: '$.bar' }, answer, false],
    [
      'jsonpath with several to expect',
      { type: 'jsonpath', target: 'body', path: 'foo[*].baz', expect: [1, 2] },
      json,
      true,
    ],
    [
      'jsonpath with one to expect of two',
      { type: 'jsonpath', target: 'body', path: 'foo[*].baz', expect: 1 },
      json,
      false,
    ],
    [
      'jsonpath with a text to expect',
      { type: 'jsonpath', target: 'body', path: '$.name', expect: 'a' },
      json,
      true,
    ],
    ['jsonpath with a count', { type: 'jsonpath', target: 'body', path: 'foo[*]', count: 2 }, json, true],
    [
      'jsonpath with another count',
      { type: 'jsonpath', target: 'body', path: 'foo[*]', count: 3 },
      json,
      false,
    ],
    ['range', { type: 'range', range: [4, 8] }, 8, true],
    ['range of fractions', { type: 'range', range: [4.6, 8.9] }, '4.6', true],
    ['outside of a range', { type: 'range', range: [4.6, 8.9] }, 4.5, false],
    ['range of no number', { type: 'range', range: [4, 8] }, 'five', false],
    ['range of a status', { type: 'range', range: [200, 299] }, answer, true],
    [
      'range of a target',
      { type: 'range', target: 'stdout', range: [1, 2] },
      { status: 9, stdout: '1.5' },
      true,
    ],
  ])('%s', (_, tolerance, output, met) => {
    expect(judge(tolerance, output)).toBe(met);
  });

  test.each<[string, unknown, string]>([
    ['a fraction', 1.5, 'cannot be a tolerance'],
    ['a mapping without a type', {}, 'needs a type'],
    ['another type', { type: 'between' }, 'cannot be that; allowed: probe, regex, jsonpath, range'],
    ['regex without a pattern', { type: 'regex' }, 'pattern is missing'],
    ['a pattern that is none', { type: 'regex', pattern: '(' }, 'cannot be used as a regular expression'],
    ['a path that is none', { type: 'jsonpath', path: '$[' }, 'cannot be used as a JSONPath'],
    [
      'a path with a function',
      { type: 'jsonpath', path: '$[?(length(@) > 1)]' },
      'cannot be used as a JSONPath',
    ],
    ['a range of one', { type: 'range', range: [1] }, 'range has to be a list of two numbers'],
  ])('%s is refused', (_, tolerance, message) => {
    expect(problemsIn(probeWith(tolerance)).join('\n')).toContain(message);
  });
});

describe('regular expressions of Python', () => {
  test.each<[string, string, boolean]>([
    ['a$', 'a\n', true],
    ['a$', 'a\nb', false],
    ['(?m)^b$', 'a\nb', true],
    ['(?i)ABC', 'abc', true],
    ['(?P<x>a)(?P=x)', 'aa', true],
    ['\\Aa\\Z', 'a', true],
    ['\\Aa\\Z', 'a\n', false],
    ['[$^]', '$', true],
    ['[]a]', ']', true],
    ['a\\$', 'a$', true],
  ])('%s on %j', (pattern, text, matches) => {
    const made = pythonRegex(pattern);
    expect(made instanceof RegExp && made.test(text)).toBe(matches);
  });

  test.each(['(a+)+', '(?x)a b', 'a++', '(?>a)', '(?(1)a|b)', '[', 'a'.repeat(2_000)])(
    '%s is refused',
    (pattern) => {
      expect(pythonRegex(pattern)).toHaveProperty('problem');
    },
  );
});

describe('paths of jsonpath2', () => {
  test('a filter judges the value itself, and equality is one =', () => {
    const read = toolkitPath('$.items[*][?(@.name = "b=c")].v');
    expect(read).toHaveProperty('segments.1.selectors.0.kind', 'filter');
    expect(read).toHaveProperty('segments.1.selectors.0.condition.right', { literal: 'b=c' });
    expect(read).toHaveProperty('segments.length', 3);
  });

  test('a filter elsewhere is refused', () => {
    expect(toolkitPath('$.items[?(@.a = 1)]')).toHaveProperty('problem');
  });
});

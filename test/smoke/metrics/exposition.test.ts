import { describe, expect, test } from '@jest/globals';
import { readExposition } from '../../../src/smoke/metrics/exposition.ts';
import { matching, parseSelector } from '../../../src/smoke/metrics/selector.ts';

const good: [string, string, unknown][] = [
  ['a bare sample', 'up 1', [{ name: 'up', labels: {}, value: 1 }]],
  ['labels', 'a{x="1",y="2"} 3', [{ name: 'a', labels: { x: '1', y: '2' }, value: 3 }]],
  ['blanks and a last comma', '  a { x = "1" , }  3  ', [{ name: 'a', labels: { x: '1' }, value: 3 }]],
  ['no blank after the labels', 'a{x="1"}3', [{ name: 'a', labels: { x: '1' }, value: 3 }]],
  ['no labels in braces', 'a{} 3', [{ name: 'a', labels: {}, value: 3 }]],
  [
    'escapes',
    String.raw`a{x="\"q\" \\ \n }{,="} 3`,
    [{ name: 'a', labels: { x: '"q" \\ \n }{,=' }, value: 3 }],
  ],
  ['a timestamp', 'a 3 1395066363000', [{ name: 'a', labels: {}, value: 3 }]],
  [
    'an exemplar',
    'a_bucket{le="1"} 3 # {trace_id="x"} 0.5 1.2',
    [{ name: 'a_bucket', labels: { le: '1' }, value: 3 }],
  ],
  [
    'infinities',
    'a +Inf\nb -Inf',
    [
      { name: 'a', labels: {}, value: Infinity },
      { name: 'b', labels: {}, value: -Infinity },
    ],
  ],
  ['what is not a number', 'a NaN', [{ name: 'a', labels: {}, value: NaN }]],
  [
    'exponents',
    'a 1.5e-3\nb -.5E+2',
    [
      { name: 'a', labels: {}, value: 0.0015 },
      { name: 'b', labels: {}, value: -50 },
    ],
  ],
  [
    'comments, empty lines, CRLF',
    '# HELP a x\r\n# TYPE a counter\r\n\r\na 1\r\n# EOF\r\n',
    [{ name: 'a', labels: {}, value: 1 }],
  ],
  ['a quoted name', '{"my.metric", "a.b"="c"} 1', [{ name: 'my.metric', labels: { 'a.b': 'c' }, value: 1 }]],
  ['nothing', '', []],
];

test.each(good)('reads %s', (_, text, expected) => {
  expect(readExposition(text)).toEqual(expected);
});

test.each([
  ['HTML', 'up 1\n<html>', 2],
  ['no value', 'a', 1],
  ['no number', 'a b', 1],
  ['labels without end', 'a{x="1" 3', 1],
  ['a label without quotes', 'a{x=1} 3', 1],
  ['no name', '{x="1"} 3', 1],
  ['a name that begins with a digit', '1a 3', 1],
  ['a name and a value in one', 'a.5', 1],
  ['something behind the value', 'a 1 b', 1],
])('says where it cannot go on: %s', (_, text, line) => {
  expect(readExposition(text)).toMatchObject({ line });
});

describe('a selector', () => {
  const labels = { code: '500', route: '/a"b', env: '' };
  test.each([
    ['a', true],
    ['a{}', true],
    ['a{code="500"}', true],
    ['a{code="500",}', true],
    ['a{ code = "500" , route != "/x" }', true],
    ["a{code='500'}", true],
    ['a{code=`500`}', true],
    [String.raw`a{route="/a\"b"}`, true],
    ['a{code=~"5.."}', true],
    ['a{code=~"5"}', false],
    ['a{code!~"5.."}', false],
    ['a{code=~"4..|5.."}', true],
    ['a{env=""}', true],
    ['a{missing=""}', true],
    ['a{missing!=""}', false],
    ['a{code="200"}', false],
    ['{"a", code="500"}', true],
  ])('%s: %s', (text, expected) => {
    const selector = parseSelector(text);
    if ('problem' in selector) throw new Error(selector.problem);
    expect(selector.name).toBe('a');
    expect(matching(selector)({ labels })).toBe(expected);
  });

  test.each([
    ['', /has no name|not a name/],
    ['{code="500"}', /has no name/],
    ['a{code=500}', /cannot be read/],
    ['a{code="500"', /not a name/],
    ['a{code=~"("}', /regular expression of code/],
    ['rate(a[5m])', /not a name/],
    ['a b', /not a name/],
  ])('refuses %s', (text, problem) => {
    expect(parseSelector(text)).toMatchObject({ problem: expect.stringMatching(problem) });
  });
});

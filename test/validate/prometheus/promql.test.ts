import { describe, expect, test } from '@jest/globals';
import { parseDuration } from '../../../src/validate/prometheus/durations.ts';
import { promqlProblem } from '../../../src/validate/prometheus/promql.ts';
import { re2Problem } from '../../../src/validate/prometheus/re2.ts';
import { templateProblem } from '../../../src/validate/prometheus/templates.ts';

describe('PromQL', () => {
  test.each([
    'sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) / on (job) group_left sum(up)',
    'max_over_time(rate(x[5m])[1h:])',
    'absent_over_time(up[10m])',
    '-x ^ 2 % 3 > bool 1 unless on () vector(time())',
    'label_replace(up, "a", "$1", "b", "(.*)")',
    'x @ 1609746000 offset -5m',
    'topk(3, x) or quantile(0.9, y) and count_values("v", z)',
    '{"http.requests", job="x"}',
  ])('%s is accepted', (text) => expect(promqlProblem(text)).toBeUndefined());

  test.each<[string, number, RegExp]>([
    ['', 0, /is empty/],
    ['sum(rate(x[5m])', 15, /ends too early/],
    ['a + * b', 4, /"\*" is not expected/],
    ['ratee(x[5m])', 0, /ratee is not a function of PromQL, did you mean "rate"/],
    ['sum(avg_overtime(x[5m]))', 4, /did you mean "avg_over_time"/],
    ['rate(x)', 5, /rate needs a range, such as x\[5m\]/],
    ['x[5m]', 0, /cannot be the result/],
    ['sum(x[5m])', 4, /sum takes no range/],
    ['x[5m] + 1', 0, /an operator takes no range/],
    ['up{job=~"a("}', 8, /regular expression is not valid/],
    ['up{job="a"', 10, /ends too early/],
    ['up{job=a}', 7, /"a" is not expected/],
  ])('%s is refused at %d', (text, index, message) => {
    expect(promqlProblem(text)).toEqual({ index, message: expect.stringMatching(message) });
  });
});

test.each<[unknown, number | undefined]>([
  ['1h30m', 5_400_000],
  ['1y2w3d4h5m6s7ms', 33_019_506_007],
  ['0', 0],
  [0, 0],
  ['1.5m', undefined],
  ['5 m', undefined],
  ['1m1h', undefined],
  ['', undefined],
  ['90', undefined],
  [90, undefined],
  ['-1m', undefined],
  [null, undefined],
])('the duration %j has %j ms', (given, ms) => expect(parseDuration(given)).toBe(ms));

describe('regular expressions of RE2', () => {
  test.each([
    '(.*)',
    '(?i:a)|b',
    '(?P<name>x)',
    '[[:alpha:]]+',
    '\\Qa.b(\\E',
    '\\pN\\z',
    '[^]a]',
    'a{1000}',
    '[\\]-]',
    'a??',
  ])('%s is one', (pattern) => expect(re2Problem(pattern)).toBeUndefined());
  test.each(['(', '[a-', 'a**', '(?=a)', '(?<!a)', '(a)\\1', 'a{1001}', '*', 'a++', '(?>a)'])(
    '%s is none',
    (pattern) => expect(re2Problem(pattern)).toEqual(expect.any(String)),
  );
});

test.each<[string, number | undefined]>([
  ['{{ $labels.a }} {{ printf "}}" }}', undefined],
  ['{{ range $i, $x := query "up" }}{{ $x.Value }}{{ else }}none{{ end }}', undefined],
  ['a {{ b', 2],
  ['a {{ if true }} b', 2],
  ['{{ $value | nothing }}', 12],
  ['{{ end }}', 0],
])('the template %j has its problem at %j', (text, index) => {
  expect(templateProblem(text)?.index).toBe(index);
});

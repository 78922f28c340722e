import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../../src/validate/finding.ts';
import { type CommentStyle, commentsOf } from '../../src/validate/ignore/comments.ts';
import { isDay, isOver } from '../../src/validate/ignore/day.ts';
import { directiveIn } from '../../src/validate/ignore/directive.ts';
import { applyIgnores, judge } from '../../src/validate/ignore/ignore.ts';
import { ignoresIn, styleOf } from '../../src/validate/ignore/inline.ts';
import { linesOf } from '../../src/validate/ignore/scope.ts';

const now = Date.UTC(2026, 5, 15, 12);
const ruleIds = ['image-pinned', 'replicas', 'syntax-error'];

describe('directiveIn', () => {
  test.each([
    [' cutover-ignore image-pinned: dev only', ['image-pinned'], 'dev only', undefined],
    ['cutover-ignore image-pinned, replicas: a: b', ['image-pinned', 'replicas'], 'a: b', undefined],
    ['cutover-ignore a b:  spaced ', ['a', 'b'], 'spaced', undefined],
    ['cutover-ignore a: why until: 2026-12-31', ['a'], 'why', '2026-12-31'],
    ['cutover-ignore a: why (until: 2026-12-31)', ['a'], 'why', '2026-12-31'],
    ['cutover-ignore a: until: tomorrow', ['a'], '', 'tomorrow'],
    [
      'cutover-ignore a: waits until: the vendor mends it',
      ['a'],
      'waits until: the vendor mends it',
      undefined,
    ],
    ['cutover-ignore a', ['a'], '', undefined],
    ['cutover-ignore a:', ['a'], '', undefined],
    ['cutover-ignore: why', [], 'why', undefined],
    ['cutover-ignore', [], '', undefined],
  ])('%j', (comment, rules, reason, until) => {
    const directive = directiveIn(comment);
    expect(directive?.rules.map(({ id }) => id)).toEqual(rules);
    expect(directive).toMatchObject({ reach: 'line', reason, until });
    for (const { id, at } of directive?.rules ?? []) expect(comment.startsWith(id, at)).toBe(true);
  });

  test.each(['cutover-ignored a: b', 'see cutover-ignore a: b', 'cutover-ignore-all a: b', ''])(
    '%j is none',
    (text) => {
      expect(directiveIn(text)).toBeUndefined();
    },
  );

  test('cutover-ignore-file reaches the whole file', () => {
    expect(directiveIn(' cutover-ignore-file a: b')).toMatchObject({ reach: 'file', reason: 'b' });
  });
});

describe('commentsOf', () => {
  test.each<[CommentStyle, string, string[]]>([
    ['yaml', 'a: 1 # one\n# two\nb: "x # no"\nc: y#no\n', [' one', ' two']],
    ['yaml', "a: |\n  # no\n  b\n# yes\nc: 'it''s # no'\n", [' yes']],
    ['yaml', 'a: >- # head\n  # no\n\nb: [1, # in\n  2]\n--- # doc\nc: d\n', [' head', ' in', ' doc']],
    ['yaml', '\ufeff# bom\na: 1\r\n# crlf\r\nb: 2\r\n', [' bom', ' crlf']],
    ['dockerfile', '# one\nFROM a # no\nRUN a \\\n  # two\n  && b\n', [' one', ' two']],
    [
      'dockerfile',
      'RUN <<EOF\n# no\nEOF\n# yes\nCOPY <<-"A" <<B /x\n\t# no\n\tA\n# no\nB\n  # end\n',
      [' yes', ' end'],
    ],
    [
      'toml',
      '# a\nb = "x # no" # c\nd = """\n# no\n""" # e\nf = \'# no\'\ng = \'\'\'\n# no\'\'\' #h\n',
      [' a', ' c', ' e', 'h'],
    ],
    ['toml', 'a = "\\" # no" # yes\n', [' yes']],
    ['env', '# a\nB=x # c\nD=x#no\nE="1 # no\n# no" # f\nG=\'# no\'\n', [' a', ' c', ' f']],
    ['none', '{"a": "# no"} # no', []],
  ])('%s %j', (style, text, expected) => {
    const comments = commentsOf(text, style);
    expect(comments.map((one) => one.text.trimEnd())).toEqual(expected);
    for (const { text: said, start } of comments) expect(text.startsWith(`#${said}`, start)).toBe(true);
  });

  test('never throws, and each comment is where it says', () => {
    const styles = fc.constantFrom<CommentStyle>('yaml', 'dockerfile', 'toml', 'env', 'none');
    const piece = fc.constantFrom(
      '#',
      '"',
      "'",
      '"""',
      '\n',
      ' ',
      'a',
      ': ',
      '- ',
      '|',
      '\\',
      '=',
      '<<EOF',
      'EOF',
      '\t',
      '\r\n',
      '---',
    );
    const text = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, styles, (given, style) => {
        for (const { text: said, start } of commentsOf(given, style)) {
          expect(given.slice(start, start + 1 + said.length)).toBe(`#${said}`);
          expect(said).not.toContain('\n');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('linesOf', () => {
  const yaml = `# top
spec:
  # on containers
  containers:
  - name: a # own line
    # on the image

    image: x
    env: [1,
    ]
  # on the second item
  - name: b
    image: |
      text
# not deeper
      more
  replicas: 1
---
# other
kind: x`;
  test.each<[CommentStyle, string, number, [number, number]]>([
    ['yaml', yaml, 1, [2, 17]],
    ['yaml', yaml, 3, [4, 16]],
    ['yaml', yaml, 5, [5, 5]],
    ['yaml', yaml, 6, [8, 8]],
    ['yaml', yaml, 11, [12, 16]],
    ['yaml', yaml, 19, [20, 20]],
    ['yaml', 'a: 1\n# last', 2, [2, 2]],
    ['yaml', '- run: | # here\n    a\n\n    b\n  env: {}', 1, [1, 4]],
    ['yaml', 'a:\n  b: >2- # here\n      c\n', 2, [2, 4]],
    ['yaml', 'a: # here\n  b: |\n', 1, [1, 1]],
    ['dockerfile', '# on run\nRUN a \\\n  # within\n  && b\nUSER x', 1, [2, 4]],
    ['dockerfile', '# on run\nRUN <<EOF\na\nEOF\nUSER x', 1, [2, 4]],
    ['dockerfile', '# one\n# two\nUSER x\nUSER y', 1, [3, 3]],
    ['toml', '# on a\na = [\n  1,\n]\nb = 2', 1, [2, 4]],
    ['toml', '# on t\n[t]\na = 1\n[t.u]\nb = 2\n[v]\nc = 3', 1, [2, 5]],
    ['toml', '# on s\ns = """\n[x]\n"""\nb = 2', 1, [2, 4]],
    ['env', '# on A\nA="x\ny"\nB=1', 1, [2, 3]],
    ['env', '# on A\nA=x\nB=1', 1, [2, 2]],
  ])('%s %j, comment on line %i', (style, text, line, [from, to]) => {
    expect(linesOf(text.split('\n'), line, style)).toEqual({ from, to });
  });
});

test.each([
  ['k8s/a.yml', 'yaml'],
  ['services/Dockerfile', 'dockerfile'],
  ['.env.production', 'env'],
  ['config/app.toml', 'toml'],
  ['k8s/a.json', 'none'],
])('comments of %s are those of %s', (path, style) => expect(styleOf(path)).toBe(style));

describe('days', () => {
  test.each([
    ['2026-12-31', true],
    ['2028-02-29', true],
    ['2026-02-29', false],
    ['2026-13-01', false],
    ['2026-1-1', false],
    ['tomorrow', false],
    ['', false],
  ])('%j', (text, expected) => expect(isDay(text)).toBe(expected));

  test.each([
    ['2026-06-14', true],
    ['2026-06-15', false],
    ['2026-06-16', false],
  ])('until %s is over on 2026-06-15: %s', (until, expected) => expect(isOver(until, now)).toBe(expected));
});

const finding = (rule: string, line: number, file = 'a.yml'): Finding => ({
  rule,
  severity: 'error',
  message: 'm',
  file,
  line,
  column: 1,
  path: '',
});

describe('inline ignores', () => {
  const read = (text: string) => judge(ignoresIn({ path: 'a.yml', text }, 'yaml'), { ruleIds, now });

  test.each([
    [
      'a: 1 # cutover-ignore image-pinned',
      'ignore-without-reason',
      'no reason is given for ignoring image-pinned',
    ],
    [
      'a: 1 # cutover-ignore image-pind: x',
      'ignore-unknown-rule',
      'there is no rule "image-pind", did you mean "image-pinned"?',
    ],
    ['a: 1 # cutover-ignore : x', 'ignore-unknown-rule', 'no rule is named'],
    ['a: 1 # cutover-ignore ignore-unused: x', 'ignore-unknown-rule', '"ignore-unused" cannot be ignored'],
    ['a: 1 # cutover-ignore replicas: x until: 2026-02-30', 'ignore-until', '"2026-02-30" is not a day'],
    [
      'a: 1 # cutover-ignore replicas: x until: 2026-06-14',
      'ignore-expired',
      'accepted until 2026-06-14, which is over',
    ],
  ])('%s ignores nothing: %s', (text, rule, message) => {
    const { ignores, findings } = read(text);
    expect(ignores).toEqual([]);
    expect(findings).toMatchObject([{ rule, severity: 'error', file: 'a.yml', line: 1 }]);
    expect(findings[0]?.message).toContain(message);
  });

  test('points at the rule that is named wrongly, and keeps the others', () => {
    const { ignores, findings } = read('# cutover-ignore replicas, nothing: x\na: 1');
    expect(ignores.map(({ rule }) => rule)).toEqual(['replicas']);
    expect(findings).toMatchObject([{ line: 1, column: 28 }]);
  });

  test('takes out what they cover, and tells which ones cover nothing', () => {
    const text =
      'a: 1 # cutover-ignore replicas: here\n# cutover-ignore image-pinned: below\nb:\n  c: 1\nd: 1\n';
    const { ignores } = read(text);
    const findings = [
      finding('replicas', 1),
      finding('replicas', 2),
      finding('image-pinned', 5),
      finding('replicas', 1, 'b.yml'),
    ];
    const { kept, ignored, unused } = applyIgnores(findings, ignores);
    expect(ignored).toMatchObject([{ finding: { rule: 'replicas', line: 1 }, by: 'inline', reason: 'here' }]);
    expect(kept).toHaveLength(3);
    expect(unused.map(({ rule, place }) => [rule, place.line])).toEqual([['image-pinned', 2]]);
  });

  test('of a whole file covers every line of it, and no other file', () => {
    const { ignores } = read('# cutover-ignore-file replicas: generated\na: 1\n');
    const findings = [finding('replicas', 1), finding('replicas', 999), finding('replicas', 1, 'b.yml')];
    expect(applyIgnores(findings, ignores).kept).toEqual([findings[2]]);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { type Document, type Path, valueAt } from '../../../src/validate/document.ts';
import { readEnv } from '../../../src/validate/read/env.ts';
import { readJson } from '../../../src/validate/read/json.ts';
import { readToml } from '../../../src/validate/read/toml.ts';
import type { Unreadable } from '../../../src/validate/workspace.ts';

const file = (text: string) => ({ path: 'a', text });

const written = (document: Document, path: Path): string | undefined => {
  const extent = document.extent(path);
  return extent && document.file.text.slice(extent.start, extent.end);
};

const told = (problems: readonly Unreadable[]): string[] =>
  problems.map(({ problem, document, message }) => {
    const { line, column } = document.position([]);
    return `${problem} ${line}:${column} ${message}`;
  });

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.flatMap((each) => pathsIn(valueAt(value, [each]), [...path, each]))];
}

describe('env files', () => {
  test.each([
    ['A=1', { A: '1' }],
    ['export A=b c  # d', { A: 'b c' }],
    ['A=b#c', { A: 'b#c' }],
    ['A= # only a comment', { A: '' }],
    ['A', { A: null }],
    ['A="b # c" # d', { A: 'b # c' }],
    ["A='b \\n $C' ", { A: 'b \\n $C' }],
    ['A="b\\n\\tc\\"\\\\ \\$D"', { A: 'b\n\tc"\\ $D' }],
    ['A="two\nlines"\nB=2', { A: 'two\nlines', B: '2' }],
    ['\ufeffA=1\r\nB="2"\r\n', { A: '1', B: '2' }],
    ['A=${B:-c}', { A: '${B:-c}' }],
    ['A = spaced', { A: 'spaced' }],
    ['A=1\nA=2', { A: '2' }],
    ['__proto__=1', JSON.parse('{"__proto__":"1"}')],
    ['# A=1\n\n  # B=2', {}],
  ])('%j', (text, value) => {
    expect(readEnv(file(text)).document.value).toEqual(value);
  });

  test('positions', () => {
    const { document } = readEnv(file('# x\nA=1\n  export BB = "c\nd" # e\nF=\nG\n'));
    const places = [['A'], ['BB'], ['F'], ['G']].map((path) => {
      const value = document.position(path);
      const key = document.position(path, 'key');
      return `${key.line}:${key.column} ${value.line}:${value.column} ${JSON.stringify(written(document, path))}`;
    });
    expect(places).toEqual(['2:1 2:3 "1"', '3:10 3:15 "\\"c\\nd\\""', '5:1 5:3 ""', '6:1 6:2 ""']);
  });

  test.each([
    ['A B=1', ['syntax-error 1:1 this line is not of the form NAME=value']],
    ['A="b\nC=1', ['syntax-error 1:3 the quote that opens here is never closed']],
    ['A="b" c', ['syntax-error 1:3 text stands behind the closing quote']],
    ['A=1\nB=2\n A=3', ['duplicate-key 3:2 "A" stands twice, the last one counts']],
    ['1A=2', ['syntax-error 1:1 this line is not of the form NAME=value']],
  ])('%j is told', (text, expected) => {
    expect(told(readEnv(file(text)).problems)).toEqual(expected);
  });

  test('never shows a value', () => {
    const secret = 'hunter2';
    const text = `A="${secret}\nB='${secret}' x\n${secret} ${secret}\nC=${secret}\nC=${secret}`;
    expect(JSON.stringify(told(readEnv(file(text)).problems))).not.toContain(secret);
  });
});

describe('JSON', () => {
  test('every path stands where its value is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { documents, problems } = readJson(file(text));
        expect(problems).toEqual([]);
        const [document] = documents;
        if (!document) throw new Error('no document');
        for (const path of pathsIn(document.value)) {
          expect(JSON.parse(written(document, path) ?? '')).toEqual(valueAt(document.value, path));
        }
      }),
    );
  });

  test.each([
    ['{"a": 1,}', ['syntax-error 1:9 not valid JSON: a key in double quotes has to stand here']],
    ['{\n  "a" 1}', ['syntax-error 2:7 not valid JSON: a colon has to stand here']],
    ['[1 2]', ['syntax-error 1:4 not valid JSON: a comma or ] has to stand here']],
    ['{} x', ['syntax-error 1:4 not valid JSON: text stands behind the value']],
    ['// x\n{}', ['syntax-error 1:1 not valid JSON: a value has to stand here']],
    ['{"a": 1, "b": {"c": 1, "c": 2}}', ['duplicate-key 1:24 the key "c" stands twice']],
    [
      '['.repeat(5000) + ']'.repeat(5000),
      ['syntax-error 1:102 not valid JSON: objects and arrays are nested more than 100 deep'],
    ],
    ['', []],
    ['\ufeff{}', []],
  ])('%#', (text, expected) => {
    expect(told(readJson(file(text)).problems)).toEqual(expected);
  });
});

describe('TOML', () => {
  const text = [
    'title = "x" # comment',
    'when = 2026-01-02 03:04:05Z',
    'a.b."c d" = [ 1, # one',
    "  'two', { three = 3 } ]",
    '',
    '[server]',
    'port = 8_000',
    'long = """',
    'say "hi""""',
    '[server.tls]',
    'on = true',
    '[[rule]]',
    'name = "first"',
    '[[rule]]',
    'name = "second"',
    '[rule.more]',
    'deep = 1',
  ].join('\n');
  const [document] = readToml(file(text)).documents;

  test.each([
    [['title'], '1:9', '"x"'],
    [['when'], '2:8', '2026-01-02 03:04:05Z'],
    [['a', 'b', 'c d', 1], '4:3', "'two'"],
    [['a', 'b', 'c d', 2, 'three'], '4:20', '3'],
    [['server', 'port'], '7:8', '8_000'],
    [['server', 'long'], '8:8', '"""\nsay "hi""""'],
    [['server', 'tls', 'on'], '11:6', 'true'],
    [['rule', 0, 'name'], '13:8', '"first"'],
    [['rule', 1, 'name'], '15:8', '"second"'],
    [['rule', 1, 'more', 'deep'], '17:8', '1'],
    [['server', 'tls'], '10:1', '[server.tls]'],
  ])('%j', (path, at, value) => {
    if (!document) throw new Error('no document');
    const { line, column } = document.position(path);
    expect([`${line}:${column}`, written(document, path)]).toEqual([at, value]);
    expect(valueAt(document.value, path)).toBeDefined();
  });

  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const key = fc.oneof(fc.stringMatching(/^[\w-]{1,8}$/), fc.string({ minLength: 1, maxLength: 6 }));
  const { table } = fc.letrec((tie) => ({
    table: fc.dictionary(
      key.filter((text) => text !== '__proto__'),
      fc.oneof({ maxDepth: 3 }, leaf, fc.array(leaf, { maxLength: 3 }), tie('table'), tie('tables')),
      { maxKeys: 4 },
    ),
    tables: fc.array(tie('table'), { minLength: 1, maxLength: 3 }),
  }));

  test('every scalar stands where it is written', () => {
    fc.assert(
      fc.property(table, (value) => {
        const source = stringify(value as Record<string, unknown>);
        const { documents, problems } = readToml(file(source));
        expect(told(problems)).toEqual([]);
        const [found] = documents;
        if (!found) throw new Error('no document');
        for (const path of pathsIn(found.value)) {
          const expected = valueAt(found.value, path);
          if (typeof expected === 'object') continue;
          expect(parse(`x = ${written(found, path)}`)['x']).toEqual(expected);
        }
      }),
    );
  });

  test.each([
    ['a = 1\na = 2', /^(?:duplicate-key|syntax-error) 2:/],
    ['a = ', /^syntax-error 1:/],
    ['[a\nb = 1', /^syntax-error 1:/],
    [`a = ${'['.repeat(2000)}`, /^syntax-error 1:/],
  ])('%# is told', (source, expected) => {
    expect(told(readToml(file(source)).problems)).toEqual([expect.stringMatching(expected)]);
  });
});

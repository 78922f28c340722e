import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { stringify } from 'yaml';
import { type Document, type Path, valueAt } from '../../../src/validate/document.ts';
import { readYaml } from '../../../src/validate/read/yaml.ts';
import { yamlSchema } from '../../../src/validate/read/yaml-schema.ts';

const read = (text: string) => readYaml({ path: 'a.yml', text });
const only = (text: string): Document => {
  const { documents, problems } = read(text);
  expect(problems.map(({ message }) => message)).toEqual([]);
  const [document] = documents;
  if (!document) throw new Error('no document');
  return document;
};

/** `line:column` of a value or key. */
const at = (document: Document, path: Path, part?: 'key' | 'value'): string => {
  const { line, column } = document.position(path, part);
  return `${line}:${column}`;
};

const written = (document: Document, path: Path): string | undefined => {
  const extent = document.extent(path);
  return extent && document.file.text.slice(extent.start, extent.end);
};

describe('values', () => {
  test.each([
    ['merge keys', 'a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}', { a: { x: 1, y: 2 }, b: { x: 1, y: 3 } }],
    ['octal numbers as Go has them', 'mode: 0644\nnew: 0o644\nten: 10', { mode: 420, new: 420, ten: 10 }],
    ['truth values of 1.2', 'on: push\na: yes', { on: 'push', a: 'yes' }],
    [
      'truth values of 1.1 in a manifest',
      'apiVersion: v1\nkind: Pod\nspec: {hostNetwork: yes, a: "yes", b: [off, no]}',
      { apiVersion: 'v1', kind: 'Pod', spec: { hostNetwork: true, a: 'yes', b: [false, false] } },
    ],
    ['dates as text', 'a: 2026-01-02', { a: '2026-01-02' }],
    ['foreign tags', 'a: !Ref b\nc: !x [1]\nd: !y {e: 1}', { a: 'b', c: [1], d: { e: 1 } }],
    ['a list that ends below its key', 'x:\n  a: [\n    b,\n  ]\n  c: 1', { x: { a: ['b'], c: 1 } }],
    [
      'lines between brackets that stand too far to the left, behind comments',
      "x:\n  a: [ # one, \"two\n\n# three\nb, \"#4\", 'it''s # no', # [\n\r\n  {d: e # f\r\n}\n]\n  c: 1",
      { x: { a: ['b', '#4', "it's # no", { d: 'e' }], c: 1 } },
    ],
    ['binary as text', 'a: !!binary aGk=', { a: 'aGk=' }],
    ['a key like __proto__', '__proto__: 1\na: 2', JSON.parse('{"__proto__":1,"a":2}')],
  ])('%s', (_, text, value) => {
    expect(only(text).value).toEqual(value);
  });

  test('empty documents are left out, and those after a broken one are read', () => {
    const { documents, problems } = read('# one\n---\n---\na: 1\n---\nb: [\n---\nc: 3\n...\n---\nd: 4\n');
    expect(documents.map(({ value, index }) => [index, value])).toEqual([
      [0, { a: 1 }],
      [1, { c: 3 }],
      [2, { d: 4 }],
    ]);
    expect(problems).toHaveLength(1);
  });

  test('documents behind an end mark have places of their own', () => {
    const { documents } = read('a: 1\n...\nb: 2\n');
    expect(documents.map((document) => at(document, ['b']))).toEqual(['1:1', '3:4']);
  });
});

describe('positions', () => {
  const text = [
    '\ufeff# comment',
    'base: &base',
    '  cpu: 1',
    '  list: [a, "b c", {d: e}]',
    'merged:',
    '  <<: *base',
    '  own: 2',
    'alias: *base',
    'block: |  # a > in a comment',
    '  text',
    "'quoted key' : 'it''s'",
    'nothing:',
    'items:',
    '  - # comment',
    '    name: x',
    '  -',
    '  - y',
    '? explicit',
    ': value',
  ].join('\r\n');

  test.each([
    [['base'], 'value', '3:3'],
    [['base'], 'key', '2:1'],
    [['base', 'list', 1], 'value', '4:13'],
    [['base', 'list', 2, 'd'], 'key', '4:21'],
    [['base', 'list', 2, 'd'], 'value', '4:24'],
    [['merged', 'cpu'], 'value', '3:8'],
    [['merged', 'cpu'], 'key', '3:3'],
    [['merged', 'own'], 'value', '7:8'],
    [['alias', 'list', 0], 'value', '4:10'],
    [['alias'], 'key', '8:1'],
    [['block'], 'value', '9:8'],
    [['quoted key'], 'value', '11:16'],
    [['nothing'], 'value', '12:9'],
    [['items', 0, 'name'], 'value', '15:11'],
    [['items', 1], 'value', '16:4'],
    [['items', 2], 'value', '17:5'],
    [['explicit'], 'value', '19:3'],
    // What is not there is told at the key of what should hold it.
    [['base', 'memory'], 'value', '2:1'],
    [['items', 0, 'image', 'tag'], 'key', '15:5'],
    [['absent'], 'value', '2:1'],
  ] as const)('%j %s', (path, part, expected) => {
    expect(at(only(text), path, part)).toBe(expected);
  });

  test('behind lines that stand too far to the left', () => {
    const document = only('x:\n  a: [ # one\n    b,\n  c\n  ]\n  d: {e: f,\ng: h\n  }\n  i: j\n');
    const paths: Path[] = [
      ['x', 'a', 0],
      ['x', 'a', 1],
      ['x', 'd', 'g'],
      ['x', 'i'],
    ];
    expect(paths.map((path) => at(document, path))).toEqual(['3:5', '4:3', '7:4', '9:6']);
    expect(written(document, ['x', 'd'])).toBe('{e: f,\ng: h\n  }');
  });

  test('of a document that others stand before', () => {
    const { documents } = read('a: 1\n---\nb:\n  c: 2\n');
    expect(documents.map((document) => at(document, ['b', 'c']))).toEqual(['1:1', '4:6']);
  });

  test('extents are those of the written value', () => {
    const document = only('a: "x y" # c\nb: [1, 2] \nc: {d: 1}\ne: |\n  f\ng: &g plain text\n');
    const paths: Path[] = [['a'], ['b'], ['c'], ['c', 'd'], ['g'], ['absent']];
    const texts = ['"x y"', '[1, 2]', '{d: 1}', '1', 'plain text', undefined];
    expect(paths.map((path) => written(document, path))).toEqual(texts);
  });
});

const scalar = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.stringMatching(/^[a-z][a-z \n:#,{}[\]|>&*!%@-]{0,30}$/),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('yes', '0644', '---', '...', '- a', 'a: b', '{{ x }}', '~', '', ' ', '<<', '#'),
);
const key = fc.oneof(
  fc.stringMatching(/^[a-zA-Z][\w.-]{0,12}$/),
  fc.constantFrom('on', 'a b', 'x: y', '1', 'true', '#', '-', '__proto__', "it's", '"'),
);
const { value: tree } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}));

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.flatMap((each) => pathsIn(valueAt(value, [each]), [...path, each]))];
}

/** What stands in the extent of a path, read as YAML at the column where it stands. */
function readBack(document: Document, path: Path): unknown {
  const { column } = document.position(path);
  const text = written(document, path) ?? '';
  // At the start of a text, also behind blanks, these are marks between documents.
  if (/^(?:---|\.\.\.)$/.test(text)) return text;
  return text === '' ? null : load(' '.repeat(column - 1) + text, { schema: yamlSchema });
}

describe('for any document', () => {
  const writers: Record<string, (value: unknown) => string> = {
    'js-yaml block': (value) => dump(value, { schema: yamlSchema, noRefs: true }),
    'js-yaml flow': (value) => dump(value, { schema: yamlSchema, noRefs: true, flowLevel: 1 }),
    yaml: (value) => stringify(value, { aliasDuplicateObjects: false, indentSeq: false }),
    json: (value) => `${JSON.stringify(value, null, 2)}\n`,
  };

  test.each(Object.entries(writers))('%s: every path stands where its value is written', (_, write) => {
    fc.assert(
      fc.property(tree, fc.boolean(), (value, hasOther) => {
        const text = write(value);
        const document = read(hasOther ? `other: 1\n---\n${text}` : text).documents.at(hasOther ? 1 : 0);
        // Nothing but null, or a scalar that stands for it: such documents are left out.
        if (!document) return;
        for (const path of pathsIn(document.value)) {
          expect(readBack(document, path)).toEqual(valueAt(document.value, path));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('line ends of Windows change neither values nor lines', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const text = dump(value, { schema: yamlSchema, noRefs: true });
        const [unix] = read(text).documents;
        const [windows] = read(text.replaceAll('\n', '\r\n')).documents;
        expect(windows?.value).toEqual(unix?.value);
        for (const path of pathsIn(unix?.value)) {
          if (unix && windows) expect(at(windows, path)).toBe(at(unix, path));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is wrong', () => {
  const problems = (text: string) =>
    read(text).problems.map(({ problem, document }) => {
      const { line, column } = document.position([]);
      return `${problem} ${line}:${column} ${(document.base ?? []).join('/')}`.trim();
    });

  test.each([
    ['a: 1\nb: 2\na: 3\n', ['duplicate-key 3:1 a']],
    ['x:\n  - k: 1\n    k: 2\n    k: 3\n', ['duplicate-key 3:5 x/0/k', 'duplicate-key 4:5 x/0/k']],
    ['a:\n  b: {c: 1, c: 2}\n---\nd: 1\nd: 2\n', ['duplicate-key 2:13 a/b/c', 'duplicate-key 5:1 d']],
    ['a:\n\tb: 1\n', ['tab-indentation 2:1']],
    ['a: {b: 1,\n\tc: 2}\n', ['tab-indentation 2:1']],
    ['a: 1\nb: [1, 2\nc: 3\n', ['syntax-error 2:4']],
    ['a: 1\nb: "x\nc: 3\n', ['syntax-error 2:4']],
    ['a: *x\n', ['syntax-error 1:4']],
    [`${'['.repeat(200)}${']'.repeat(200)}`, ['syntax-error 1:100']],
    ['a: &a\n  b: *a\n', ['alias-expansion 2:6']],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('a document with a key that stands twice is read with the last one', () => {
    expect(read('a: 1\nb: 2\na: 3\n').documents[0]?.value).toEqual({ a: 3, b: 2 });
  });

  test('aliases that stand for billions of values are not followed', () => {
    const rows = 'abcdefghijklmnop'.split('');
    const row = (name: string, i: number) =>
      `${name}: &${name} [${Array(9).fill(i === 0 ? 'x' : `*${rows[i - 1]}`)}]`;
    expect(problems(rows.map(row).join('\n'))).toEqual([expect.stringMatching(/^alias-expansion 2:/)]);
  });
});

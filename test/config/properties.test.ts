// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in cutover.yml
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { readReleaseFile } from '../../src/config/read.ts';
import { substitute } from '../../src/config/substitute.ts';

const fixtures = new URL('../fixtures/config/', import.meta.url);
const seeds = ['good', 'bad'].flatMap((folder) =>
  readdirSync(new URL(folder, fixtures)).map((name) =>
    readFileSync(new URL(`${folder}/${name}`, fixtures), 'utf8'),
  ),
);

/** Reads without throwing, and every problem is inside the text. */
function holdsFor(text: string): void {
  const result = readReleaseFile(text, {
    file: 'f',
    folder: '/',
    env: (name) => (name === 'NAME' ? 'x' : undefined),
  });
  if (result.ok) {
    expect(Object.keys(result.file.components).length).toBeGreaterThan(0);
    return;
  }
  expect(result.problems.length).toBeGreaterThan(0);
  const lines = text.split('\n');
  for (const { line, column, message } of result.problems) {
    expect(message).not.toBe('');
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
}

const keys = fc.constantFrom(
  ...[
    'version',
    'name',
    'components',
    'web',
    'run',
    'port',
    'health',
    'http',
    'interval',
    'env',
    'slo',
    'p99',
  ],
  ...[
    'cutover',
    'traffic',
    'rate',
    'component',
    'environments',
    'target',
    'build',
    'context',
    'chaos',
    'toString',
  ],
);
const words = fc.constantFrom(
  'web',
  'local',
  '30s',
  '1%',
  '/x',
  '<1%',
  '${env.NAME}',
  '${release.sha}',
  '${',
  '80',
  '',
);
const scalar = fc.oneof(words, fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { depthSize: 'medium' },
    scalar,
    fc.array(tie('document'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof({ weight: 9, arbitrary: keys }, { weight: 1, arbitrary: fc.string() }),
      tie('document'),
      {
        maxKeys: 6,
      },
    ),
  ),
}));

const yamlBits = fc.constantFrom(
  ...[
    'a',
    ': ',
    '\n',
    '  ',
    '- ',
    '? ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '"',
    "'",
    '|',
    '>',
    '&a ',
    '*a',
    '!x ',
    '#',
    '---',
    '...',
  ],
  ...[
    '%YAML 1.1',
    '<<',
    '\t',
    '\r\n',
    '\ufeff',
    '${',
    '}',
    'name',
    'components',
    'run',
    '\\',
    '~',
    '@',
    '`',
    '😀',
    '\u0000',
  ],
);

describe('readReleaseFile never throws and places every problem inside the file', () => {
  test('for any JSON value as YAML', () => {
    fc.assert(
      fc.property(document, (value) => holdsFor(stringify(value, { aliasDuplicateObjects: false }))),
      { numRuns: 500 },
    );
  });

  test('for any JSON value as JSON', () => {
    fc.assert(
      fc.property(document, (value) => holdsFor(JSON.stringify(value ?? null))),
      { numRuns: 500 },
    );
  });

  test('for YAML syntax thrown together', () => {
    fc.assert(
      fc.property(fc.array(yamlBits, { maxLength: 40 }), (bits) => holdsFor(bits.join(''))),
      { numRuns: 2_000 },
    );
  });

  test('for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), holdsFor), { numRuns: 500 });
  });

  test('for real files with a piece replaced', () => {
    const edit = fc.record({
      seed: fc.constantFrom(...seeds),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat({ max: 20 }),
      added: fc.array(yamlBits, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(edit, ({ seed, at, removed, added }) => {
        const start = Math.floor(at * seed.length);
        holdsFor(seed.slice(0, start) + added.join('') + seed.slice(start + removed));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('substitute', () => {
  const most = 10_000;
  test('leaves a text without variables as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('${')),
        (text) => {
          expect(substitute(text, { env: () => 'x' }, most)).toEqual({
            text,
            secrets: [],
            problems: [],
            tooLong: false,
          });
        },
      ),
    );
  });

  test('gives any text back whose ${ are escaped', () => {
    const text = fc
      .array(fc.constantFrom('${', '}', 'env.A', 'a', ' '), { maxLength: 12 })
      .map((bits) => bits.join(''));
    fc.assert(
      fc.property(text, (wanted) => {
        const escaped = wanted.replaceAll('${', () => '$${');
        expect(substitute(escaped, { env: () => undefined }, most)).toMatchObject({
          text: wanted,
          problems: [],
        });
      }),
    );
  });

  test('fills in any value once, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.string({ unit: fc.constantFrom('a', '$&', '${env.A}', '}') }),
        (a, b) => {
          const values: Record<string, string> = { A: a, B: `b${b}` };
          const { text, secrets } = substitute('<${env.A}|${env.B}>', { env: (name) => values[name] }, most);
          expect(text).toBe(`<${a}|b${b}>`);
          expect(secrets).toEqual([a, `b${b}`]);
        },
      ),
    );
  });
});

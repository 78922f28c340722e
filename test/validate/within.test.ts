import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { valueAt } from '../../src/validate/document.ts';
import { readYaml } from '../../src/validate/read/yaml.ts';
import { within } from '../../src/validate/within.ts';

/** Where the mark `X` of the value at `run` is told to be, as `line:column`; the mark is a character of its own. */
function placeOf(text: string, mark = 'X'): string {
  const [document] = readYaml({ path: 'a.yml', text }).documents;
  if (!document) throw new Error('the text has no document');
  const value = valueAt(document.value, ['run']);
  if (typeof value !== 'string') throw new Error('run is no text');
  const { document: inner, path } = within(document, ['run'], value, value.indexOf(mark));
  const { line, column } = inner.position(path);
  return `${line}:${column}`;
}

describe('a character within a text', () => {
  test.each([
    ['literal', 'run: |\n  a\n  b X c\n', '3:5'],
    ['literal, first character', 'run: |\n  X\n', '2:3'],
    ['literal, stripped', 'run: |-\n  a\n  X\n', '3:3'],
    ['literal, kept', 'run: |+\n  a\n  X\n\n\nnext: 1\n', '3:3'],
    ['literal with an indentation indicator', 'run: |2\n    a\n   X\n', '3:4'],
    ['literal with both indicators', 'run: |-2\n    a\n  X\n', '3:3'],
    ['literal with deeper lines', 'run: |\n  if a; then\n    X\n  fi\n', '3:5'],
    ['literal with empty lines', 'run: |\n\n  a\n\n  X\n', '5:3'],
    ['literal with a comment behind its mark', 'run: | # note X\n  a\n  X\n', '3:3'],
    ['literal with CRLF', 'run: |\r\n  a\r\n  b X\r\n', '3:5'],
    ['literal with a tag and an anchor', 'run: !!str &a |\n  a\n  X\n', '3:3'],
    ['literal with characters of two units', 'run: |\n  🚀 X\n', '2:6'],
    ['literal behind a comment', '# run: |\nrun: |\n  # no comment X\n', '3:16'],
    ['folded', 'run: >\n  a\n  b X\n', '3:5'],
    ['folded, stripped', 'run: >-\n  a\n  b\n  X\n', '4:3'],
    ['folded with paragraphs', 'run: >\n  a\n\n  b\n   c\n  X\n', '6:3'],
    ['plain', 'run: a X\n', '1:8'],
    ['plain over several lines', 'run: a\n  b\n  X\n', '3:3'],
    ['double quotes', 'run: "a X"\n', '1:9'],
    ['double quotes with escapes', 'run: "\\t\\"\\x41\\u00e9\\U0001F600\\n X"\n', '1:34'],
    ['double quotes with escaped blanks', 'run: "a\\ \\_\\x20\\u2028X"\n', '1:22'],
    ['double quotes over several lines', 'run: "a\n  b \\\n  c X"\n', '3:5'],
    ['single quotes', "run: 'it''s X'\n", '1:13'],
    ['single quotes over several lines', "run: 'a\n  b\n\n  X'\n", '4:3'],
    ['within a list within a mapping', 'run: |\n    a\n    X\nother:\n  - |\n    X\n', '3:5'],
  ])('%s', (_, text, expected) => expect(placeOf(text)).toBe(expected));

  test('in a later document', () =>
    expect(
      (() => {
        const [, document] = readYaml({
          path: 'a.yml',
          text: '---\na: 1\n---\nrun: |\n  b\n  X\n',
        }).documents;
        if (!document) throw new Error('the text has no second document');
        const spot = within(document, ['run'], 'b\nX\n', 2);
        return spot.document.position(spot.path);
      })(),
    ).toMatchObject({ line: 6, column: 3 }));

  test('through an alias: where the text is written', () => {
    const text = 'base: &a |\n  a\n  X\nrun: *a\n';
    expect(placeOf(text)).toBe('3:3');
  });

  test('of another text than is written: the value', () => {
    const [document] = readYaml({ path: 'a.yml', text: 'run: |\n  abc\n' }).documents;
    if (!document) throw new Error('the text has no document');
    const spot = within(document, ['run'], 'something else', 3);
    expect(spot.document.position(spot.path)).toMatchObject({ line: 1, column: 6 });
  });

  test('is that character, whatever the block scalar is', () => {
    const line = fc.stringMatching(/^[a-zé"'#:{}\\|> -]{0,12}$/).map((words) => words.trimEnd());
    const block = fc.record({
      lines: fc.array(line, { minLength: 0, maxLength: 6 }),
      after: fc.array(line, { maxLength: 3 }),
      style: fc.constantFrom('|', '>'),
      chomping: fc.constantFrom('', '-', '+'),
      indentation: fc.integer({ min: 1, max: 6 }),
      before: fc.stringMatching(/^[a-z ]{0,8}$/).map((words) => words.trimStart()),
    });
    fc.assert(
      fc.property(block, ({ lines, after, style, chomping, indentation, before }) => {
        const marked = [...lines, `${before}X`, ...after];
        const blank = ' '.repeat(indentation);
        // The indicator lets the first line begin with blanks.
        const text = `run: ${style}${indentation}${chomping}\n${marked.map((one) => (one === '' ? '' : blank + one)).join('\n')}\n`;
        expect(placeOf(text)).toBe(`${lines.length + 2}:${indentation + before.length + 1}`);
      }),
    );
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${{ … }} is the syntax of expressions in workflows

import { describe, expect, test } from '@jest/globals';
import {
  expressionsIn,
  joinedExpressions,
  referenceAt,
} from '../../../src/validate/workflows/expression/embedded.ts';
import { scriptCommands } from '../../../src/validate/workflows/scripts.ts';

describe('commands of a script', () => {
  /** Each command's words, with what stands at their places in the script. */
  const placed = (script: string): string[] =>
    scriptCommands(script).map(({ words, starts }) =>
      words.map((word, i) => `${word}@${script.slice(starts[i]).slice(0, 4)}`).join(' '),
    );

  test.each([
    ['one line', 'make all', ['make@make all@all']],
    ['several lines', 'set -eu\nmake all', ['set@set  -eu@-eu\n', 'make@make all@all']],
    ['operators without blanks', 'a&&bb;cc', ['a@a&&b', 'bb@bb;c', 'cc@cc']],
    ['a continued line', 'docker build \\\n  -t x', ['docker@dock build@buil -t@-t x x@x']],
    ['what passes a command on', 'A=1 sudo make', ['make@make']],
    ['quotes', 'sh "a b.sh" c', ['sh@sh " a b.sh@"a b c@c']],
    ['comments', '# no\n  yes it', ['yes@yes  it@it']],
    [
      'an expression with blanks',
      'a ${{ github.sha }} b\nc',
      ['a@a ${ ${{_github.sha_}}@${{  b@b\nc', 'c@c'],
    ],
    ['a here-document', 'cat <<EOF\nx y\nEOF\nmake', ['cat@cat  <<EOF@<<EO', 'make@make']],
  ])('%s', (_, script, expected) => expect(placed(script)).toEqual(expected));
});

test('a joined text knows where its characters come from', () => {
  const text = 'a ${{ b  ||  c }} d ${{ e }} f';
  const { text: joined, origin } = joinedExpressions(text);
  expect(joined).toBe('a ${{_b_c_}} d ${{_e_}} f');
  for (const one of ['a', 'd', '${{_e', 'f']) expect(text[origin(joined.indexOf(one))]).toBe(one[0]);
});

test.each([
  ['echo ${{ github.sha }}', 'github.sha', 9],
  ['${{   github.sha }}', 'github.sha', 6],
  ['${{ GitHub.SHA }}', 'github.sha', 4],
  ["${{ a == github.event['comment'].body }}", 'github.event.comment.body', 9],
  ['${{ my-github.sha && github.sha }}', 'github.sha', 21],
  ['${{ toJSON(steps.x.outputs) }}', 'steps.x', 11],
  ['${{ commits[0].message }}', 'commits.*.message', 4],
])('in %j stands %s at %d', (text, reference, index) => {
  const [part] = expressionsIn(text);
  expect(part && referenceAt(part, reference)).toBe(index);
});

test('an expression that is not closed begins at its braces', () =>
  expect(expressionsIn('echo ${{ github.sha }').map(({ index, isOpen }) => [index, isOpen])).toEqual([
    [5, true],
  ]));

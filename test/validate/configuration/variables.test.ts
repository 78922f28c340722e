// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in configuration files
import { describe, expect, test } from '@jest/globals';
import { resolve, unknown, usesIn } from '../../../src/validate/configuration/variables.ts';

describe('uses of variables', () => {
  test.each<[string, string[]]>([
    ['${A}', ['A']],
    ['x ${A} ${B_2}y', ['A', 'B_2']],
    ['$HOME_DIR/x', ['HOME_DIR']],
    ['%env(DB_URL)%', ['DB_URL']],
    ['%env(int:DB_PORT)%', ['DB_PORT']],
    ['${env:lower_case}', ['lower_case']],
    ['${env.NAME}', ['NAME']],
    ['${A:?must be set}', ['A']],
    ['${A:-${B:-c}}', ['A']],
    ['$${A}', []],
    ['\\${A}', []],
    ['${server.port} ${user}', []],
    ['costs 5$ or $5', []],
    ['$(COMMAND)', []],
    ['${A', []],
    ['${}', []],
    ['${A B}', []],
    ['$x $Ab', []],
    ['100%env', []],
  ])('%j has %j', (text, names) => {
    expect(usesIn(text).map(({ name }) => name)).toEqual(names);
  });

  test('hostile texts take no time that grows faster than they do', () => {
    for (const piece of ['${', '${A:-', '$', '%env(', '{', '\\']) {
      expect(usesIn(piece.repeat(50_000)).length).toBeLessThanOrEqual(50_000);
    }
  });
});

describe('what a text becomes', () => {
  const values = new Map<string, string | typeof unknown>([
    ['A', 'a'],
    ['EMPTY', ''],
    ['SECRET', unknown],
  ]);
  test.each<[string, string | typeof unknown]>([
    ['${A}-${A}', 'a-a'],
    ['${GONE:-x}', 'x'],
    ['${GONE:-${A}}', 'a'],
    ['${EMPTY:-x}', 'x'],
    ['${EMPTY}', ''],
    ['${GONE:x}', 'x'],
    ['${SECRET:-x}', unknown],
    ['${GONE}', unknown],
    ['plain', 'plain'],
  ])('%j becomes %j', (text, result) => {
    expect(resolve(text, (name) => values.get(name))).toBe(result);
  });
});

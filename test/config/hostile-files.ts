// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in cutover.yml
import { Buffer } from 'node:buffer';

/** A file that is meant to harm, and a word of the problem that has to come of it. */
export interface Hostile {
  make: () => string | Buffer;
  problem: RegExp;
}

const good = 'name: a\ncomponents:\n  web:\n    run: [node]\n';
const mega = 1024 * 1024;
const filled = (piece: string): string => piece.repeat(Math.floor((mega - 200) / piece.length));

const bomb = (levels: number, width: number): string =>
  [
    `l0: &l0 [${Array(width).fill('x').join(',')}]`,
    ...Array.from(
      { length: levels },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(width).fill(`*l${i}`).join(',')}]`,
    ),
  ].join('\n');

const aliasChain = (length: number): string =>
  ['l0: &l0 x', ...Array.from({ length }, (_, i) => `l${i + 1}: &l${i + 1} [[[*l${i}]]]`)].join('\n');

export const hostileFiles: Readonly<Record<string, Hostile>> = {
  'alias bomb, nine levels': { make: () => bomb(9, 9), problem: /more than 10000 values/ },
  'alias bomb of long texts': {
    make: () => `a: &a "${'y'.repeat(900_000)}"\nb: [${Array(5_000).fill('*a').join(',')}]\n`,
    problem: /characters in all/,
  },
  'long chain of aliases': { make: () => aliasChain(2_000), problem: /nested more than/ },
  'alias of itself': { make: () => `${good}env: &e [*e, *e]\n`, problem: /contains itself/ },
  'alias of nothing': { make: () => `${good}slo: *nowhere\n`, problem: /no anchor/ },
  'thousands of anchors and aliases': {
    make: () => filled('- &a x\n- *a\n').slice(0, 700_000),
    problem: /too many parts/,
  },
  'deep flow lists': { make: () => filled('['), problem: /nested more than/ },
  'deep flow mappings': { make: () => filled('{a: '), problem: /nested more than/ },
  'deep block lists': { make: () => filled('- '), problem: /nested more than/ },
  'deep explicit keys': { make: () => filled('? '), problem: /nested more than/ },
  'deep block mappings': {
    make: () => Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    problem: /nested more than/,
  },
  'nested just inside the limit': {
    make: () => `${good}x: ${'['.repeat(31)}${']'.repeat(31)}\n`,
    problem: /not a known key/,
  },
  'a million commas': { make: () => `x: [${filled(',')}]`, problem: /too many parts/ },
  'a million line ends': { make: () => filled('\n'), problem: /too many parts/ },
  'a million blanks': { make: () => filled(' '), problem: /empty/ },
  'a million comment lines': { make: () => filled('#\n'), problem: /too many parts/ },
  'a million colons': { make: () => filled(':'), problem: /not valid YAML/ },
  'a million question marks': { make: () => filled('?\n'), problem: /too many parts|nested more than/ },
  'a million quotes': { make: () => filled('"'), problem: /not valid YAML|too many parts/ },
  'a million backslashes': { make: () => `x: "${filled('\\\\')}"`, problem: /not a known key/ },
  'a text that never ends': { make: () => `name: "${filled('z')}`, problem: /not valid YAML/ },
  'a long folded text': {
    make: () => `name: ${filled('z\n  ')}`,
    problem: /not an application name|too many parts/,
  },
  'a long key': { make: () => `${filled('k')}: 1`, problem: /not valid YAML|not a known key/ },
  'a long anchor': { make: () => `x: &${filled('k')} 1`, problem: /not a known key/ },
  'a long tag': { make: () => `x: !${filled('k')} 1`, problem: /tags are not supported/ },
  'many tags': { make: () => filled('- !x y\n'), problem: /too many parts/ },
  'many directives': { make: () => filled('%YAML 1.1\n'), problem: /directives|too many parts/ },
  'many documents': { make: () => filled('---\na\n'), problem: /too many parts|several documents/ },
  '8,000 unknown keys': {
    make: () => good + Array.from({ length: 8_000 }, (_, i) => `key${i}: 1`).join('\n'),
    problem: /and [0-9,]+ more problems/,
  },
  '5,000 problems below a long key': {
    make: () => `${'k'.repeat(900)}:\n${'  - ${env.NOPE}\n'.repeat(5_000)}`,
    problem: /and [0-9,]+ more problems/,
  },
  '8,000 duplicate keys': {
    make: () => good + 'name: b\n'.repeat(8_000),
    problem: /given twice/,
  },
  'many unclosed variables': { make: () => `name: ${filled('${')}`, problem: /not closed/ },
  'many variables': {
    make: () => `name: "${filled('${env.BIG}')}"`,
    problem: /characters in all|not an application name/,
  },
  'a megabyte of unknown escapes': { make: () => `name: "${filled('\\q')}"`, problem: /not valid YAML/ },
  'a megabyte of bad hex escapes': {
    make: () => `name: "${filled('\\xZZ')}"`,
    problem: /"\\\\x" is not an escape/,
  },
  'an escape beyond Unicode': { make: () => 'name: "\\Uffffffff"\n', problem: /not valid YAML/ },
  'closing brackets': { make: () => filled(']').slice(0, 59_000), problem: /not valid YAML/ },
  'reserved characters': { make: () => '- @\n'.repeat(11_000), problem: /not valid YAML/ },
  'mappings on one line': { make: () => 'a: b: c: d\n'.repeat(5_000), problem: /nested more than/ },
  '50 MB': { make: () => Buffer.alloc(50 * mega, 'a'), problem: /too large/ },
  'one byte too many': { make: () => Buffer.alloc(mega + 1, '#'), problem: /too large/ },
  '__proto__ key': {
    make: () => `${good}__proto__: {x: 1}\n`,
    problem: /^\S+ __proto__: cannot be used as a key/,
  },
  'constructor component': {
    make: () => 'name: a\ncomponents:\n  constructor: {run: [node]}\n',
    problem: /components\/constructor: cannot be used as a key/,
  },
  'toString key': { make: () => `${good}toString: 1\n`, problem: /toString: is not a known key/ },
  'hasOwnProperty component': {
    make: () => 'name: a\ncomponents:\n  hasOwnProperty: {run: [node]}\n',
    problem: /"hasOwnProperty" is not a component name/,
  },
  'duplicate keys': { make: () => `${good}name: b\n`, problem: /:5:1 name: is given twice/ },
  'duplicate keys, quoted': { make: () => `${good}"name": b\n`, problem: /:5:1 name: is given twice/ },
  'tabs as indentation': { make: () => 'name: a\ncomponents:\n\tweb:\n', problem: /:3:1 .*[Tt]abs/ },
  'tab inside indentation': {
    make: () => 'name: a\ncomponents:\n  web:\n  \trun: [a]\n',
    problem: /:4:\d+ /,
  },
  'UTF-16': {
    make: () => Buffer.from(`\ufeff${good}`, 'utf16le'),
    problem: /:1:1 byte 1 is not valid UTF-8/,
  },
  'invalid UTF-8 in line 5': {
    make: () => Buffer.concat([Buffer.from(good), Buffer.from([0x23, 0xc3, 0x28, 0x0a])]),
    problem: /:5:2 byte \d+ is not valid UTF-8/,
  },
  'UTF-8 cut off at the end': {
    make: () => Buffer.concat([Buffer.from(`${good}# `), Buffer.from([0xe2, 0x82])]),
    problem: /:5:3 byte \d+ is not valid UTF-8/,
  },
  'lone surrogate as UTF-8': {
    make: () => Buffer.concat([Buffer.from('name: '), Buffer.from([0xed, 0xa0, 0x80])]),
    problem: /not valid UTF-8/,
  },
  'NUL byte': { make: () => 'name: a\0b\n', problem: /:1:8 holds the control character U\+0000/ },
  'NUL by escape': {
    make: () => `${good}    env: {A: "x\\0y"}\n`,
    problem: /components\/web\/env\/A: .*holds a NUL/,
  },
  'terminal escape': { make: () => 'name: \u001b[31mred\n', problem: /U\+001B/ },
  'bare carriage returns': { make: () => good.replaceAll('\n', '\r'), problem: /U\+000D/ },
  'a workflow command as key': {
    make: () => `${good}"\\n::set-env name=A::b": 1\n`,
    problem: /^\S+ "\\n::set-env[^\n]*is not a known key[^\n]*$/m,
  },
  'several documents': {
    make: () => `${good}---\nname: b\n`,
    problem: /:5:\d+ the file holds several documents/,
  },
  'only a comment': { make: () => '# nothing\n', problem: /empty/ },
  'only a document mark': { make: () => '---\n', problem: /empty/ },
  'only a byte order mark': { make: () => '\ufeff', problem: /empty/ },
  'an empty file': { make: () => '', problem: /empty/ },
  'a list': { make: () => '- name: a\n', problem: /a list is not a mapping/ },
  'a word': { make: () => 'hello\n', problem: /"hello" is not a mapping/ },
  'JavaScript tag': {
    make: () => `${good}x: !!js/function 'function () { return 1 }'\n`,
    problem: /:5:4 YAML tags are not supported/,
  },
  'binary tag': { make: () => 'name: !!binary YQ==\n', problem: /YAML tags are not supported/ },
  'YAML 1.1 directive': { make: () => `%YAML 1.1\n---\n${good}`, problem: /:1:1 YAML directives/ },
  'merge key': {
    make: () => 'name: a\ncomponents:\n  web: &w {run: [node]}\n  two:\n    <<: *w\n',
    problem: /:5:5 components\/two\/<<|:5:5 components\/two\/"<<": merge keys/,
  },
  'a mapping as key': { make: () => `${good}? {a: b}\n: c\n`, problem: /a key has to be plain text/ },
  'a null key': { make: () => `${good}~: c\n`, problem: /a key has to be plain text/ },
  'an alias as key': { make: () => `${good}slo: &s {}\n? *s\n: c\n`, problem: /a key has to be plain text/ },
};

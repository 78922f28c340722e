import { shellWords } from '../read/dockerfile-words.ts';
import type { Instruction } from '../workspace.ts';

/** A word of a command. */
export interface Token {
  /** Without its quotes. */
  readonly text: string;
  /** Which word of the instruction it is written in. */
  readonly index: number;
  /** Where it begins in the script, in UTF-16 units; undefined for words of an instruction. */
  readonly at?: number | undefined;
}

/** A simple command of a script. */
export interface Command {
  readonly words: readonly Token[];
  /** What stands before it. */
  readonly after: Operator;
}

export type Operator = '' | '&&' | '||' | ';' | '|' | '&';

/** Raw words: `index` is told for each of them. */
interface Raw {
  text: string;
  index: number;
  at?: number;
}

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh']);

/** The last part of a path. */
export const programName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether it is a shell that takes a script after `-c`. */
export const isShell = (program: string): boolean => shells.has(programName(program));

/** `from` is the same at every call for one instruction. */
const cache = new WeakMap<Instruction, readonly Command[]>();

/** The commands that an instruction runs, in shell form, exec form or a here-document. */
export function commandsOf(instruction: Instruction, from = leadingFlags(instruction)): readonly Command[] {
  const known = cache.get(instruction);
  if (known) return known;
  const commands = readCommands(instruction, from);
  cache.set(instruction, commands);
  return commands;
}

function readCommands(instruction: Instruction, from: number): readonly Command[] {
  const { exec, words, heredocs } = instruction;
  if (exec) return execCommands(exec, words.length - exec.length);
  const written = words.slice(from).map((text, i) => ({ text, index: from + i }));
  const main = scriptCommands(written);
  const inner = heredocs.flatMap(({ text }) => textCommands(text, from));
  return inner.length === 0 ? main : [...main, ...inner];
}

/** Words at the start that are flags: `--mount=…`. */
export function leadingFlags({ words }: Instruction): number {
  const first = words.findIndex((word) => !word.startsWith('--'));
  return first === -1 ? words.length : first;
}

function execCommands(exec: readonly string[], from: number): readonly Command[] {
  const words = exec.map((text, i) => ({ text, index: from + i }));
  const script = scriptOf(words);
  return script ? textCommands(script.text, script.index) : [{ words, after: '' }];
}

/** What follows `sh -c`, when the command is one. */
export function scriptOf(words: readonly Token[]): Token | undefined {
  if (!words[0] || !isShell(words[0].text)) return undefined;
  const flag = words.findIndex(({ text }, i) => i > 0 && /^-[a-z]*c$/.test(text));
  return flag === -1 ? undefined : words[flag + 1];
}

/** The commands of a script whose words are all told as the instruction's `index`-th. */
export function textCommands(text: string, index: number): readonly Command[] {
  const found: Command[] = [];
  let start = 0;
  // Two blanks for the two characters, so that places stay what they are.
  for (const line of text.replace(/\\\n/g, '  ').split('\n')) {
    const from = start;
    start += line.length + 1;
    if (/^\s*#/.test(line)) continue;
    const words = shellWords(line, '\\');
    found.push(...scriptCommands(words.map((word) => ({ text: word.text, index, at: from + word.start }))));
  }
  return found;
}

function scriptCommands(raw: readonly Raw[]): Command[] {
  const commands: { words: Token[]; after: Operator }[] = [];
  let open: { words: Token[]; after: Operator } = { words: [], after: '' };
  let depth = 0;
  const close = (operator: Operator): void => {
    if (open.words.length > 0) commands.push(open);
    open = { words: [], after: operator };
  };
  for (const { text, index, at: start } of raw) {
    let at = start;
    for (const piece of pieces(text)) {
      // What a substitution runs is part of the word it stands in.
      if (depth === 0 && operators.has(piece)) close(operatorOf(piece));
      else if (depth === 0 && (piece === '(' || piece === ')'))
        close(open.words.length > 0 ? ';' : open.after);
      else if (depth === 0) open.words.push({ text: unquoted(piece), index, at });
      depth = Math.max(0, depth + substitutions(piece));
      if (at !== undefined) at += piece.length;
    }
  }
  close('');
  return commands;
}

const operators: ReadonlySet<string> = new Set(['&&', '||', ';', ';;', '|', '|&', '&']);

function operatorOf(piece: string): Operator {
  if (piece === ';;') return ';';
  return piece === '|&' ? '|' : (piece as Operator);
}

/** How many `$(` it opens more than it closes. */
function substitutions(piece: string): number {
  if (piece === '(' || piece.startsWith("'")) return 0;
  if (piece === ')') return -1;
  let depth = 0;
  for (let i = 0; i < piece.length; i += 1) {
    if (piece[i] === '\\') i += 1;
    else if (piece[i] === '$' && piece[i + 1] === '(') depth += 1;
    else if (piece[i] === ')' && depth > 0) depth -= 1;
  }
  return depth;
}

/** A raw word cut at the operators that stand in it outside of quotes. */
function pieces(word: string): string[] {
  if (!/[;&|()]/.test(word)) return [word];
  const found: string[] = [];
  let start = 0;
  let at = 0;
  const cut = (end: number): void => {
    if (end > start) found.push(word.slice(start, end));
  };
  while (at < word.length) {
    const character = word[at] ?? '';
    if (character === '\\') at += 2;
    else if (character === '"' || character === "'") at = closing(word, at) + 1;
    else if (character === '$' && word[at + 1] === '(') at = substitutionEnd(word, at);
    else {
      const operator = operatorAt(word, at);
      if (operator === '') at += 1;
      else {
        cut(at);
        found.push(operator);
        at += operator.length;
        start = at;
      }
    }
  }
  cut(word.length);
  return found;
}

function closing(word: string, from: number): number {
  const at = word.indexOf(word[from] ?? '', from + 1);
  return at === -1 ? word.length : at;
}

/** Behind the `)` of a `$(`; behind the `$(` when it is closed in a later word. */
function substitutionEnd(word: string, from: number): number {
  let depth = 0;
  for (let at = from + 1; at < word.length; at += 1) {
    if (word[at] === '(') depth += 1;
    if (word[at] === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return word.length;
}

function operatorAt(word: string, at: number): string {
  const character = word[at] ?? '';
  if (!';&|()'.includes(character)) return '';
  // `2>&1`, `&>file` and `>|file` are redirections.
  if (character === '&' && (word[at - 1] === '>' || word[at + 1] === '>')) return '';
  if (character === '|' && word[at - 1] === '>') return '';
  const two = word.slice(at, at + 2);
  return operators.has(two) ? two : character;
}

const unquoted = (text: string): string =>
  /["'\\]/.test(text)
    ? text.replace(
        /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
        (_, escaped, double, single) => escaped ?? double ?? single ?? '',
      )
    : text;

const keywords: ReadonlySet<string> = new Set([
  'if',
  'then',
  'else',
  'elif',
  'while',
  'until',
  'do',
  '!',
  '{',
  '}',
  'fi',
  'done',
  'time',
]);
const wrappers: ReadonlySet<string> = new Set([
  'exec',
  'env',
  'sudo',
  'nohup',
  'command',
  'timeout',
  'nice',
  'ionice',
  'stdbuf',
]);

/** The word that names the program, behind keywords, assignments and wrappers such as `exec` and `timeout 3`. */
export function programAt({ words }: Pick<Command, 'words'>): number {
  let at = 0;
  let isWrapped = false;
  for (; at < words.length; at += 1) {
    const text = words[at]?.text ?? '';
    const isPassed = keywords.has(text) || /^[A-Za-z_]\w*=/.test(text) || /^\d*[<>]/.test(text);
    const isArgument = isWrapped && /^(?:-|\d+(?:\.\d+)?[smhd]?$)/.test(text);
    if (wrappers.has(programName(text))) isWrapped = true;
    else if (!isPassed && !isArgument) return at;
  }
  return -1;
}

/** The program that a command runs, as written: `/usr/bin/curl`. */
export const programOf = (command: Pick<Command, 'words'>): string | undefined =>
  command.words[programAt(command)]?.text;

/** The words behind the program. */
export const argumentsOf = (command: Pick<Command, 'words'>): readonly Token[] => {
  const at = programAt(command);
  return at === -1 ? [] : command.words.slice(at + 1);
};

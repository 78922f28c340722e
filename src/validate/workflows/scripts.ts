import { type Command, programName, textCommands } from '../dockerfile/shell.ts';
import { joinedExpressions } from './expression/embedded.ts';

/** A command of a `run` script. */
export interface ScriptCommand {
  /** Without quotes. */
  readonly words: readonly string[];
  /** Where each word begins in the script. */
  readonly starts: readonly number[];
}

/** The commands of a `run` script; here-documents are left out. */
export function scriptCommands(script: string): readonly ScriptCommand[] {
  const { text, origin } = joinedExpressions(script);
  return textCommands(withoutHeredocs(text), 0).map((command) => commandOf(command, origin));
}

/** Without `NAME=value` in front, and without what only passes the command on. */
function commandOf({ words }: Command, origin: (at: number) => number): ScriptCommand {
  const first = words.findIndex(
    ({ text }) => !/^[A-Za-z_]\w*=/.test(text) && !passing.has(programName(text)),
  );
  const own = first === -1 ? [] : words.slice(first);
  return { words: own.map(({ text }) => text), starts: own.map(({ at }) => origin(at ?? 0)) };
}

/** Where a word of a command begins; undefined where it is none of its words. */
export const startOf = ({ words, starts }: ScriptCommand, word: string): number | undefined =>
  starts[words.indexOf(word)];

const passing: ReadonlySet<string> = new Set([
  'sudo',
  'exec',
  'time',
  'command',
  'then',
  'do',
  'else',
  'if',
  '!',
  '{',
]);

/** Blanks take the place of here-documents, so that what follows stays where it is. */
function withoutHeredocs(script: string): string {
  const lines: string[] = [];
  let end: string | undefined;
  for (const line of script.split('\n')) {
    const isInside = end !== undefined;
    lines.push(isInside ? ' '.repeat(line.length) : line);
    if (!isInside) end = /<<-?\s{0,4}["'\\]?([A-Za-z_]\w{0,60})["']?/.exec(line)?.[1];
    else if (line.trim() === end) end = undefined;
  }
  return lines.join('\n');
}

/** The values of flags (`-t x`, `--tag=x`), in order. */
export function flagValues(words: readonly string[], flags: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    if (flags.includes(word)) return words[index + 1] ?? [];
    const flag = flags.find((name) => name.startsWith('--') && word.startsWith(`${name}=`));
    return flag === undefined ? [] : word.slice(flag.length + 1);
  });
}

/** Words that are neither flags nor the values of those named. */
export function operands(words: readonly string[], flagsWithValue: readonly string[]): readonly string[] {
  return words.filter((word, index) => {
    const before = words[index - 1];
    return !word.startsWith('-') && !(before !== undefined && flagsWithValue.includes(before));
  });
}

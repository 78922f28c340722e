import { type Command, programName, textCommands } from '../dockerfile/shell.ts';
import { joinedExpressions } from './expression/embedded.ts';

/** The commands of a `run` script, as their words without quotes; here-documents are left out. */
export function scriptCommands(script: string): readonly (readonly string[])[] {
  const text = withoutHeredocs(joinedExpressions(script));
  return textCommands(text, 0).map(wordsOf);
}

/** Without `NAME=value` in front, and without what only passes the command on. */
function wordsOf({ words }: Command): readonly string[] {
  const texts = words.map(({ text }) => text);
  const start = texts.findIndex((text) => !/^[A-Za-z_]\w*=/.test(text) && !passing.has(programName(text)));
  return start === -1 ? [] : texts.slice(start);
}

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

function withoutHeredocs(script: string): string {
  const kept: string[] = [];
  let end: string | undefined;
  for (const line of script.split('\n')) {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      continue;
    }
    kept.push(line);
    end = /<<-?\s{0,4}["'\\]?([A-Za-z_]\w{0,60})["']?/.exec(line)?.[1];
  }
  return kept.join('\n');
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

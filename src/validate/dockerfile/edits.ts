import type { Edit } from '../finding.ts';
import { lineEnd } from '../fix/mapping-edits.ts';
import type { Dockerfile, Instruction } from '../workspace.ts';
import type { Run } from './runs.ts';
import { type Command, isShell } from './shell.ts';
import { buildOf, inherited, type Placed } from './stages.ts';

/** Writes words behind a word of a command: `install` becomes `install -y`. Undefined where it is not written as it is. */
export function wordsBehind({ dockerfile, index }: Run, command: Command, wanted: Wanted): Edit | undefined {
  const token = command.words.find(({ text }) => text === wanted.word);
  const extent = token && dockerfile.document.extent([index, token.index]);
  if (!extent || dockerfile.document.file.text.slice(extent.start, extent.end) !== wanted.word)
    return undefined;
  return { start: extent.end, end: extent.end, text: ` ${wanted.add}` };
}

interface Wanted {
  readonly word: string;
  readonly add: string;
}

/** Another command at the end of a RUN whose commands all have to succeed. */
export function lastCommand(
  { dockerfile, index, instruction, commands }: Run,
  command: string,
): Edit | undefined {
  const extent = dockerfile.document.extent([index]);
  const isChain = commands.every(({ after }, nth) => after === '&&' || nth === 0);
  if (!extent || instruction.exec || instruction.heredocs.length > 0 || !isChain || !isPlain(instruction))
    return undefined;
  const { text } = dockerfile.document.file;
  const end = extent.start + text.slice(extent.start, extent.end).trimEnd().length;
  const written = text.slice(extent.start, end);
  if (/[\\`]$/.test(written)) return undefined;
  const last = written.slice(written.lastIndexOf('\n') + 1);
  const isOneLine = last.length === written.length;
  const lead = /^[ \t]*/.exec(last)?.[0] ?? '';
  const seam = isOneLine ? ' ' : ` \\${lineEnd(text)}${lead}`;
  return { start: end, end, text: `${seam}&& ${command}` };
}

/** No substitution, subshell or comment that the end of the line could be part of. */
const isPlain = ({ text }: Instruction): boolean => !/[#`(){}]|<<|\$\(/.test(text.replace(/\$\{\w+\}/g, ''));

const plainWord = /^[\w@%+=:,./-]+$/;

/** Words that only a shell knows. */
const builtins =
  /^(?:\.|:|alias|bg|break|cd|continue|eval|exec|exit|export|fg|hash|jobs|local|read|readonly|return|set|shift|source|times|trap|type|ulimit|umask|unalias|unset|wait|if|for|while|until|case|function|time)$/;

/** CMD or ENTRYPOINT as a JSON array, where nothing in it needs a shell and no other instruction changes what it means. */
export function execFormEdit(
  dockerfile: Dockerfile,
  { instruction, index, stage }: Placed,
): Edit | undefined {
  const { name, words } = instruction;
  const [program = ''] = words;
  const needsShell =
    !words.every((word) => plainWord.test(word)) || builtins.test(program) || program.includes('=');
  // A script without its first line `#!` is run by a shell only.
  if (words.length === 0 || needsShell || program.endsWith('.sh') || isShell(program)) return undefined;
  const others = inherited(buildOf(dockerfile), stage).map((placed) => placed.instruction.name);
  const changing = name === 'CMD' ? ['ENTRYPOINT', 'SHELL'] : ['CMD', 'SHELL'];
  if (others.some((other) => changing.includes(other))) return undefined;
  return asArray(dockerfile, index, words);
}

function asArray({ document }: Dockerfile, index: number, words: readonly string[]): Edit | undefined {
  const start = document.extent([index, 0])?.start;
  const end = document.extent([index, words.length - 1])?.end;
  if (start === undefined || end === undefined || document.file.text.slice(start, end).includes('\n'))
    return undefined;
  return { start, end, text: `[${words.map((word) => JSON.stringify(word)).join(', ')}]` };
}

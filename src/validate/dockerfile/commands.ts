import type { Path } from '../document.ts';
import type { Contents } from './contents.ts';
import {
  type Command,
  commandsOf,
  leadingFlags,
  programName,
  programOf,
  scriptOf,
  textCommands,
} from './shell.ts';
import type { Placed } from './stages.ts';

/** A program that something calls, and where. */
export interface Call {
  /** As written. */
  readonly program: string;
  readonly path: Path;
}

/** The commands behind `HEALTHCHECK CMD`, CMD or ENTRYPOINT. */
export function commandsAt({ instruction }: Pick<Placed, 'instruction'>): readonly Command[] {
  const isNested = instruction.name === 'HEALTHCHECK' || instruction.name === 'ONBUILD';
  return commandsOf(instruction, leadingFlags(instruction) + (isNested ? 1 : 0));
}

/** Part of any shell. */
const builtins: ReadonlySet<string> = new Set(
  'exit cd test [ [[ echo printf true false kill exec export set unset trap wait command : read . source return shift eval umask case esac for in'.split(
    ' ',
  ),
);

const endings: ReadonlySet<string> = new Set(['exit', 'false', 'kill', ':', 'true', 'echo', 'return']);

/** The programs that a script needs; those with an alternative behind `||` are left out. */
export function programsNeeded(commands: readonly Command[]): readonly { program: string; index: number }[] {
  return commands.flatMap((command, i) => {
    const program = programOf(command);
    if (program === undefined || /[$`*(){}]/.test(program)) return [];
    const next = commands[i + 1];
    const alternative = next?.after === '||' ? programOf(next) : undefined;
    if (alternative !== undefined && !endings.has(alternative)) return [];
    if (command.after === '||' && !endings.has(program)) return [];
    const token = command.words.find(({ text }) => text === program);
    return token ? [{ program, index: token.index }] : [];
  });
}

/** The programs that an instruction calls, the shell included. */
export function callsOf(placed: Placed, shell: string): readonly Call[] {
  const { instruction, index } = placed;
  const first = leadingFlags(instruction);
  if (instruction.words[first]?.toUpperCase() === 'NONE') return [];
  if (instruction.exec) return execCalls(placed);
  const inner = programsNeeded(commandsAt(placed)).filter(({ program }) => !builtins.has(program));
  const body = first + (instruction.name === 'HEALTHCHECK' ? 1 : 0);
  return [
    { program: shell, path: [index, body] },
    ...inner.map(({ program, index: word }) => ({ program, path: [index, word] })),
  ];
}

function execCalls({ instruction, index }: Placed): readonly Call[] {
  const exec = instruction.exec ?? [];
  const from = instruction.words.length - exec.length;
  const words = exec.map((text, i) => ({ text, index: from + i }));
  const script = scriptOf(words);
  const head = words[0] ? [{ program: words[0].text, path: [index, from] }] : [];
  if (!script) return [...head, ...wrapped(words, index)];
  const inner = programsNeeded(textCommands(script.text, script.index)).filter(
    ({ program }) => !builtins.has(program),
  );
  return [...head, ...inner.map(({ program, index: word }) => ({ program, path: [index, word] }))];
}

/** `tini -- node server.js`, `su-exec app node`, `env A=b node`: what the first program starts. */
function wrapped(words: readonly { text: string; index: number }[], index: number): readonly Call[] {
  const first = programName(words[0]?.text ?? '');
  if (first === 'tini' || first === 'dumb-init') {
    const next = words.slice(1).find(({ text }) => !text.startsWith('-'));
    return next ? [{ program: next.text, path: [index, next.index] }] : [];
  }
  if (first === 'su-exec' || first === 'gosu') {
    const next = words[2];
    return next ? [{ program: next.text, path: [index, next.index] }] : [];
  }
  const called = programOf({ words });
  const token = words.find(({ text }) => text === called);
  return called !== undefined && token && token !== words[0]
    ? [{ program: called, path: [index, token.index] }]
    : [];
}

/** Whether words of CMD are started by ENTRYPOINT as a program: `["tini", "--"]`. */
export function startsCommand(entrypoint: Placed): boolean {
  const last = entrypoint.instruction.exec?.at(-1) ?? '';
  const only = programName(entrypoint.instruction.exec?.[0] ?? '');
  return last === '--' || (entrypoint.instruction.exec?.length === 1 && /^(?:tini|dumb-init)$/.test(only));
}

/** Why and what instead, for a message. */
export function remedyOf(program: string, contents: Contents): string {
  const has = (name: string): boolean => contents.presence(name).state === 'present';
  if (program === 'curl' && has('wget')) return 'use wget, which it has, or install curl in the final stage';
  if (program === 'sh') return 'write a JSON array with a program that is in it';
  if (program === 'bash' && has('sh')) return 'use sh, which it has, or install bash in the final stage';
  if (/^(?:curl|wget|nc)$/.test(program)) {
    const runtime = ['node', 'python3', 'python', 'php', 'ruby', 'redis-cli', 'pg_isready'].find(has);
    if (runtime !== undefined)
      return `let ${runtime}, which it has, make the check, or install ${program} in the final stage`;
  }
  return `install or copy ${program} into the final stage`;
}

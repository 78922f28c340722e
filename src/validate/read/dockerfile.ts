import { didYouMean } from '../../config/suggest.ts';
import type { SourceFile } from '../document.ts';
import type { Dockerfile, Instruction, Stage, Unreadable } from '../workspace.ts';
import { DockerfileLines, type LogicalLine } from './dockerfile-lines.ts';
import { jsonWords, shellWords, type Word } from './dockerfile-words.ts';
import { documentOf, type Entry, type Place } from './places.ts';
import { ProblemList } from './problem-list.ts';

/** The instructions of the Dockerfile reference. */
const instructionNames = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
] as const;

const known: ReadonlySet<string> = new Set(instructionNames);

/** Those whose arguments may be a JSON array. */
const execForms: ReadonlySet<string> = new Set([
  'ADD',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'RUN',
  'SHELL',
  'VOLUME',
]);

const heredocHolders: ReadonlySet<string> = new Set(['ADD', 'COPY', 'RUN']);

interface Read {
  instruction: Instruction;
  place: Entry;
}

export interface ReadDockerfile {
  dockerfile: Dockerfile;
  problems: readonly Unreadable[];
}

/** Reads a Dockerfile as BuildKit does (docs.docker.com/reference/dockerfile); the rest stands when a part is wrong. */
export function readDockerfile(file: SourceFile): ReadDockerfile {
  const lines = new DockerfileLines(file.text);
  const problems = new ProblemList(file);
  const read: Read[] = [];
  const tell: Tell = (offset, say) => {
    // Putting it into words looks for similar names, which is not done for what is not told.
    if (!problems.isFull) problems.add({ problem: 'syntax-error', offset, message: say() });
  };
  for (let line = lines.next(); line; line = lines.next()) read.push(instructionOf(line, lines, tell));
  const instructions = read.map(({ instruction }) => instruction);
  const stages = stagesOf(instructions);
  if (stages.length === 0) tell(0, () => 'a Dockerfile needs a FROM, this one has none');
  const children = new Map(read.map(({ place }, i) => [String(i), place] as const));
  const document = documentOf({
    file,
    index: 0,
    value: instructions.map(({ words }) => words),
    places: (): Place => ({ start: 0, end: file.text.length, children }),
  });
  return { dockerfile: { document, instructions, stages }, problems: problems.all };
}

type Tell = (offset: number, say: () => string) => void;

function instructionOf(line: LogicalLine, lines: DockerfileLines, tell: Tell): Read {
  const { text, offsets } = line;
  const written = /^\S+/.exec(text)?.[0] ?? '';
  const name = written.toUpperCase();
  const from = written.length;
  const at = (i: number): number => offsets[Math.min(i, offsets.length - 1)] ?? 0;
  const { words, flags, exec, inner } = wordsOf(name, text, lines.escape);
  if (!known.has(name)) tell(at(0), () => unknown(name));
  else if (words.length === 0) tell(at(0), () => `${name} needs an argument, it has none`);
  const heredocs = exec === undefined && heredocHolders.has(inner) ? heredocsOf(words, lines, tell, at) : [];
  const key = { start: at(0), end: at(from - 1) + 1 };
  const end = at(text.length);
  const children = new Map(
    words.map((word, i): [string, Entry] => {
      const place = { start: at(word.start), end: at(word.end - 1) + 1 };
      return [String(i), { key: undefined, place }];
    }),
  );
  return {
    instruction: {
      name,
      text: text.slice(from).trim(),
      words: words.map((word) => word.text),
      exec,
      flags,
      heredocs,
    },
    place: { key, place: { start: key.start, end, children } },
  };
}

/** Only what can be a misspelled name is shown: behind a forgotten backslash stands the rest of a command, secrets included. */
const unknown = (name: string): string =>
  /^[a-z]{2,20}$/i.test(name)
    ? `"${name}" is not an instruction of a Dockerfile${didYouMean(name, instructionNames)}`
    : 'this line does not begin with an instruction of a Dockerfile';

interface Words {
  words: Word[];
  flags: Record<string, string>;
  exec: readonly string[] | undefined;
  /** Whose arguments they are: for ONBUILD and HEALTHCHECK the instruction within. */
  inner: string;
}

function wordsOf(name: string, text: string, escaping: string): Words {
  const flags = new Map<string, string[]>();
  const lead: Word[] = [];
  let inner = name;
  let from = /^\S+/.exec(text)?.[0].length ?? 0;
  for (const word of shellWords(text, escaping, from)) {
    const flag = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word.text);
    if (flag) addTo(flags, flag[1] ?? '', flag[2] ?? '');
    else if (inner === name && holders.has(name)) inner = word.text.toUpperCase();
    else break;
    lead.push(word);
    from = word.end;
  }
  const items = execForms.has(inner) ? jsonWords(text, from) : undefined;
  return {
    words: [...lead, ...(items ?? shellWords(text, escaping, from))],
    flags: Object.fromEntries([...flags].map(([key, values]) => [key, values.join('\n')])),
    exec: items?.map((item) => item.text),
    inner,
  };
}

/** Those that hold another instruction. */
const holders: ReadonlySet<string> = new Set(['HEALTHCHECK', 'ONBUILD']);

function addTo(flags: Map<string, string[]>, name: string, value: string): void {
  const values = flags.get(name);
  if (values) values.push(value);
  else flags.set(name, [value]);
}

const heredocStart = /^\d*<<(-?)(["']?)([A-Za-z_][\w.-]*)\2(?=$|[;&|>)])/;

function heredocsOf(
  words: readonly Word[],
  lines: DockerfileLines,
  tell: Tell,
  at: (i: number) => number,
): Instruction['heredocs'] {
  return words.flatMap((word) => {
    const found = heredocStart.exec(word.text);
    const name = found?.[3];
    if (!found || name === undefined) return [];
    const text = lines.heredoc(name, found[1] === '-');
    if (text === undefined) tell(at(word.start), () => `the here-document ${name} is never ended`);
    return [{ name, text: text ?? '' }];
  });
}

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const stages: (Stage & { instructions: number[] })[] = [];
  instructions.forEach((instruction, i) => {
    if (instruction.name === 'FROM') stages.push({ ...stageOf(instruction), instructions: [] });
    stages.at(-1)?.instructions.push(i);
  });
  return stages;
}

/** `FROM [--platform=…] image [AS name]` */
function stageOf({ words }: Instruction): Pick<Stage, 'base' | 'name'> {
  const [base = '', as, name] = words.filter((word) => !word.startsWith('--'));
  return { base, name: as?.toUpperCase() === 'AS' ? name : undefined };
}

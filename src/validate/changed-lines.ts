import { codeOf } from '../platform/errors.ts';
import type { Processes } from '../platform/processes.ts';

/** First and last line of a change, both counted from 1. */
export type LineRange = readonly [from: number, to: number];

/** The lines that a pull request adds or changes, by file. */
export type ChangedLines = ReadonlyMap<string, readonly LineRange[]>;

/** Reads `git diff --unified=0`: of each file the ranges of its new lines. */
export function parseDiff(diff: string): ChangedLines {
  const changed = new Map<string, LineRange[]>();
  let ranges: LineRange[] | undefined;
  let left = 0;
  for (const line of diff.split('\n')) {
    // Lines of content may look like headers; the hunk says how many there are.
    if (left > 0 && /^[-+ ]/.test(line)) {
      left -= 1;
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk) {
      const [removed, from, added] = [Number(hunk[1] ?? 1), Number(hunk[2]), Number(hunk[3] ?? 1)];
      left = removed + added;
      if (added > 0) ranges?.push([from, from + added - 1]);
    } else if (line.startsWith('+++ ')) {
      ranges = [];
      const name = nameIn(line.slice(4));
      if (name !== undefined) changed.set(name, ranges);
    }
  }
  return changed;
}

/** `b/k8s/a.yml`, or in quotes as C writes them; undefined for a file that is gone. */
function nameIn(text: string): string | undefined {
  const name = text.replace(/\t$/, '').replace(/\r$/, '');
  if (name === '/dev/null') return undefined;
  const plain = name.startsWith('"') ? unquoted(name) : name;
  return plain.replace(/^b\//, '');
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
};

const unquoted = (name: string): string =>
  name.slice(1, -1).replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character);

export const isChanged = (
  changed: ChangedLines | undefined,
  { file, line }: { file: string; line: number },
): boolean => changed?.get(file)?.some(([from, to]) => line >= from && line <= to) ?? false;

/**
 * The lines that HEAD has changed since `base`, as git in `root` knows them; paths are relative to `root`. Undefined where git,
 * the repository or the commit is missing (a shallow clone): nobody can tell.
 */
export async function changedSince(
  base: string,
  { root, processes }: { root: string; processes: Processes },
): Promise<ChangedLines | undefined> {
  // Three dots: since both parted, which a shallow clone does not know. What a pull request checks out is a merge whose
  // first parent is the base, also where the base has moved on since the event.
  for (const range of [`${base}...HEAD`, base, 'HEAD^1']) {
    const diff = await gitDiff(range, root, processes);
    if (diff !== undefined) return parseDiff(diff);
  }
  return undefined;
}

async function gitDiff(range: string, root: string, processes: Processes): Promise<string | undefined> {
  const options = [
    '--unified=0',
    '--relative',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--no-renames',
  ];
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
  try {
    const argv = [
      'git',
      '-C',
      root,
      '-c',
      'core.quotePath=false',
      'diff',
      ...options,
      ...prefixes,
      range,
      '--',
    ] as const;
    const { code, stdout } = await processes.run(argv, { timeoutMs: 20_000 });
    return code === 0 ? stdout : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

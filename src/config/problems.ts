import type { LineCounter } from 'yaml';
import type { Problem } from './model.ts';

/** So many problems of one file are told; the last one then says how many more there are. */
export const mostProblems = 200;

const longestGiven = 60;
const longestMessage = 400;

/** A problem before its place is known as line and column. `offset` counts characters from the start of the text. */
export interface Found {
  offset: number;
  path: readonly string[];
  message: string;
  given?: string | undefined;
  allowed?: string | undefined;
}

/** `cutover.yml:12:9 components/gateway/port: "80x" is not a whole number; allowed: a whole number from 0 to 65535` */
export function formatProblem({ file, line, column, path, message, allowed }: Problem): string {
  const where = path === '' ? '' : `${path}: `;
  const rest = allowed === undefined ? '' : `; allowed: ${allowed}`;
  return `${printable(file)}:${line}:${column} ${where}${message}${rest}`;
}

/** Places, sorts by position, drops repetitions (an alias shows the same problem again) and cuts at `mostProblems`. */
export function problemsAt(file: string, found: readonly Found[], lines: LineCounter): Problem[] {
  const sorted = [...found].sort((a, b) => a.offset - b.offset);
  const problems: Problem[] = [];
  const seen = new Set<string>();
  let more = 0;
  for (const one of sorted) {
    const problem = problems.length < mostProblems ? placed(file, one, lines) : undefined;
    if (problem === undefined) more += 1;
    else if (!seen.has(formatProblem(problem))) {
      seen.add(formatProblem(problem));
      problems.push(problem);
    }
  }
  const last = sorted.at(-1);
  if (more > 0 && last !== undefined) {
    const message = `and ${more.toLocaleString('en')} more problems`;
    problems.push(placed(file, { offset: last.offset, path: [], message }, lines));
  }
  return problems;
}

function placed(file: string, found: Found, lines: LineCounter): Problem {
  const { line, col } = lines.linePos(found.offset);
  return {
    file,
    line: Math.max(1, line),
    column: Math.max(1, col),
    path: found.path.map(pathPart).join('/'),
    message: shortened(printable(found.message), longestMessage),
    given: found.given === undefined ? undefined : printable(found.given),
    allowed: found.allowed === undefined ? undefined : printable(found.allowed),
  };
}

function pathPart(key: string): string {
  return /^[\w.-]{1,60}$/.test(key) ? key : printable(quoted(key));
}

/** A text in quotes, shortened, as a problem shows what was given. */
export function quoted(text: string): string {
  return JSON.stringify(shortened(text, longestGiven));
}

export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Control, format and unassigned characters as escapes, so that a problem stays on its line and reads as it is. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return `\\u{${point.toString(16)}}`;
  });
}

import type { CommentStyle } from './comments.ts';

/** First and last line, both counted from 1. */
export interface Lines {
  from: number;
  to: number;
}

/**
 * The lines that a comment speaks of. One behind other text: its own line, and where that opens a block of text (`run: |`),
 * the block. One on a line of its own: what begins on the
 * next line that is neither empty nor a comment, with all that it holds.
 *
 * - YAML: the key or list item with everything below it that is indented deeper
 * - Dockerfile: the instruction with its continuation lines and here-documents
 * - TOML: the key with its value; a `[table]` up to the next header that is not a table within it
 * - env files: the variable
 */
export function linesOf(lines: readonly string[], comment: number, style: CommentStyle): Lines {
  const own = lines[comment - 1] ?? '';
  if (!/^\ufeff?[ \t]*#/.test(own)) {
    const opensBlock = style === 'yaml' && /[:-][ \t].*[|>][-+\d]{0,2}[ \t]+#/.test(own);
    return { from: comment, to: opensBlock ? blockEnd(lines, comment) : comment };
  }
  const start = nextCode(lines, comment);
  if (start === undefined) return { from: comment, to: comment };
  return { from: start, to: ends[style](lines, start) };
}

const isBlank = (line: string): boolean => /^[ \t\r]*(?:#|$)/.test(line);

function nextCode(lines: readonly string[], after: number): number | undefined {
  const found = lines.findIndex((line, i) => i >= after && !isBlank(line));
  return found === -1 ? undefined : found + 1;
}

/** The last line of what begins on a line. */
const ends: Readonly<Record<CommentStyle, (lines: readonly string[], start: number) => number>> = {
  yaml: yamlEnd,
  dockerfile: dockerfileEnd,
  toml: tomlEnd,
  env: envEnd,
  none: (_, start) => start,
};

const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;
const isMarker = (line: string): boolean => /^(?:---|\.\.\.)(?:\s|$)/.test(line);
const isItem = (line: string): boolean => /^ *-(?:\s|$)/.test(line);

function yamlEnd(lines: readonly string[], start: number): number {
  const first = lines[start - 1] ?? '';
  const indent = indentOf(first);
  let end = start;
  for (let i = start; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (isBlank(line)) continue;
    // The items of a list may stand as far to the left as their key, and closing brackets, too.
    const belongs =
      indentOf(line) > indent ||
      (indentOf(line) === indent && ((!isItem(first) && isItem(line)) || /^ *[\]}]/.test(line)));
    if (isMarker(line) || !belongs) break;
    end = i + 1;
  }
  return end;
}

/** The last line of the text that a line opens: what is indented deeper than its key. */
function blockEnd(lines: readonly string[], start: number): number {
  const key = /^ *(?:- +)*/.exec(lines[start - 1] ?? '')?.[0].length ?? 0;
  const next = lines.findIndex((line, i) => i >= start && /\S/.test(line) && indentOf(line) <= key);
  return next === -1 ? lines.length : next;
}

function dockerfileEnd(lines: readonly string[], start: number): number {
  let at = start;
  while (at < lines.length && (/\\[ \t\r]*$/.test(lines[at - 1] ?? '') || isCommentWithin(lines, start, at)))
    at += 1;
  const text = lines.slice(start - 1, at).join('\n');
  for (const [, , name = ''] of text.matchAll(/<<-?\s*(["']?)([A-Za-z_]\w*)\1/g)) {
    const close = lines.findIndex((line, i) => i >= at && line.replace(/^\t+|\r$/g, '') === name);
    if (close === -1) break;
    at = close + 1;
  }
  return at;
}

/** Comments and empty lines between continuation lines end nothing. */
function isCommentWithin(lines: readonly string[], start: number, at: number): boolean {
  return at > start && isBlank(lines[at - 1] ?? '');
}

function tomlEnd(lines: readonly string[], start: number): number {
  const header = tableOf(lines[start - 1] ?? '');
  if (header === undefined) return bracketEnd(lines, start);
  const next = lines.findIndex((line, i) => {
    const other = i >= start ? tableOf(line) : undefined;
    return other !== undefined && !other.startsWith(`${header}.`);
  });
  return next === -1 ? lines.length : next;
}

const tableOf = (line: string): string | undefined => /^[ \t]*\[\[?[ \t]*([^\]]+?)[ \t]*\]/.exec(line)?.[1];

/** Where the brackets and long strings that a line opens are closed again. */
function bracketEnd(lines: readonly string[], start: number): number {
  let depth = 0;
  let long: string | undefined;
  for (let at = start; at <= lines.length; at += 1) {
    for (const [piece] of (lines[at - 1] ?? '').matchAll(/"""|'''|"(?:\\.|[^"\\])*"|'[^']*'|[[\]{}#]/g)) {
      if (long !== undefined) long = piece === long ? undefined : long;
      else if (piece === '"""' || piece === "'''") long = piece;
      else if (piece === '#') break;
      else if (piece === '[' || piece === '{') depth += 1;
      else if (piece === ']' || piece === '}') depth -= 1;
    }
    if (depth <= 0 && long === undefined) return at;
  }
  return lines.length;
}

function envEnd(lines: readonly string[], start: number): number {
  const opened = /^[^#=]*=[ \t]*(["'])/.exec(lines[start - 1] ?? '');
  if (!opened) return start;
  const quote = opened[1] ?? '"';
  for (let at = start; at <= lines.length; at += 1) {
    const rest = at === start ? (lines[at - 1] ?? '').slice(opened[0].length) : (lines[at - 1] ?? '');
    if (rest.replaceAll(/\\./g, '').includes(quote)) return at;
  }
  return start;
}

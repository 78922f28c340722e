import type { Position, SourceFile } from '../document.ts';

const cache = new WeakMap<SourceFile, readonly number[]>();

function startsOf(file: SourceFile): readonly number[] {
  const known = cache.get(file);
  if (known) return known;
  const starts = [0];
  for (let at = file.text.indexOf('\n'); at !== -1; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1);
  cache.set(file, starts);
  return starts;
}

/** Line and column of an offset; offsets outside the text count as its nearest end. */
export function positionAt(file: SourceFile, at: number): Position {
  const offset = Math.min(Math.max(at, 0), file.text.length);
  const starts = startsOf(file);
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  // A byte order mark is not a column that an editor shows.
  const mark = low === 0 && file.text.charCodeAt(0) === 0xfeff && offset > 0 ? 1 : 0;
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 - mark, offset };
}

/** The offset of a line and column, which count from 1. */
export function offsetAt(file: SourceFile, line: number, column: number): number {
  return (startsOf(file)[line - 1] ?? file.text.length) + column - 1;
}

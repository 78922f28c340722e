/** Offsets of a line: `end` is before its LF, `next` behind it. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** The line that an offset is on. */
export function lineWith(text: string, at: number): Line {
  const before = text.lastIndexOf('\n', at - 1) + 1;
  const start = before === 0 && text.startsWith('\ufeff') ? 1 : before;
  const found = text.indexOf('\n', at);
  const end = found === -1 ? text.length : found;
  return { start, end, next: found === -1 ? end : end + 1 };
}

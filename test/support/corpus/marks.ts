/**
 * Places that are known by construction. Base files and defects are written as text in which `«rule-id»` stands right
 * before the character that a finding has to point at; taking the marks out gives the file and the table of what must be
 * found, without any of the code that works positions out in src/validate.
 */
export interface Expectation {
  rule: string;
  file: string;
  line: number;
  column: number;
}

const mark = /«([a-z0-9-]+)»/g;

/** The text without its marks, and where they stood. Lines and columns count from 1, columns in UTF-16 units. */
export function unmarked(file: string, text: string): { text: string; expected: Expectation[] } {
  const expected: Expectation[] = [];
  let plain = '';
  let end = 0;
  for (const found of text.matchAll(mark)) {
    plain += text.slice(end, found.index);
    end = found.index + found[0].length;
    const line = plain.split('\n').length;
    // A byte order mark is no column: editors do not show it.
    const lead = line === 1 && plain.startsWith('\uFEFF') ? 1 : 0;
    const column = plain.length - plain.lastIndexOf('\n') - lead;
    expected.push({ rule: found[1] ?? '', file, line, column });
  }
  return { text: plain + text.slice(end), expected };
}

/** Without places: whether anything is marked. */
export const isMarked = (text: string): boolean => text.includes('«');

/** A generator of numbers from 0 to below 1 that gives the same ones for a seed: mulberry32, in the public domain. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

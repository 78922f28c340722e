import { parseEvents } from 'js-yaml';

/** Up to here the search for what is not closed goes back from where the parser gave up. */
const mostLines = 60;
const longestText = 100_000;

/**
 * The bracket or quote that is never closed, when that is why a document could not be read: the parser gives up where the
 * next line is indented too little, and that may be far below. `at` is where it gave up.
 */
export function unclosed(text: string, at: number): number | undefined {
  if (text.length > longestText) return undefined;
  let end = text.lastIndexOf('\n', Math.max(at - 1, 0));
  for (let i = 0; i < mostLines; i += 1) {
    if (end < 0 || parses(text.slice(0, end))) return opener(text, end + 1);
    end = text.lastIndexOf('\n', end - 1);
  }
  return undefined;
}

function parses(text: string): boolean {
  try {
    parseEvents(text, {});
    return true;
  } catch {
    return false;
  }
}

/** The first bracket or quote of a line with which a value begins, and that the line does not close. */
function opener(text: string, start: number): number | undefined {
  const next = text.indexOf('\n', start);
  const line = text.slice(start, next === -1 ? text.length : next);
  for (const { 0: before, index } of line.matchAll(/(?:^|[:\-,[{]\s+|^\s+|[[{])(?=[[{"'])/g)) {
    const at = index + before.length;
    if (!parses(`a: ${line.slice(at)}`)) return start + at;
  }
  return undefined;
}

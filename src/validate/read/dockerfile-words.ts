/** A word and where it stands in its text. */
export interface Word {
  text: string;
  start: number;
  end: number;
}

/** What blanks outside of quotes separate. A quote that is never closed counts as a character. */
export function shellWords(text: string, escaping: string, from = 0): Word[] {
  const words: Word[] = [];
  let at = from;
  while (at < text.length) {
    while (at < text.length && isBlank(text[at])) at += 1;
    if (at >= text.length) break;
    const end = wordEnd(text, escaping, at);
    words.push({ text: text.slice(at, end), start: at, end });
    at = end;
  }
  return words;
}

const isBlank = (character: string | undefined): boolean =>
  character === ' ' || character === '\t' || character === '\r';

function wordEnd(text: string, escaping: string, from: number): number {
  let at = from;
  while (at < text.length && !isBlank(text[at])) {
    const character = text[at];
    if (character === escaping) at += 1;
    else if (character === '"' || character === "'") at = quoteEnd(text, escaping, at);
    at += 1;
  }
  return Math.min(at, text.length);
}

/** The offset of the closing quote, or of the opening one when there is none. */
function quoteEnd(text: string, escaping: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    // Single quotes take everything as it is.
    if (text[at] === escaping && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return from;
}

/** The strings of a JSON array that is all of `text` from `from`; undefined when it is not one (then it is shell form). */
export function jsonWords(text: string, from: number): Word[] | undefined {
  const trimmed = text.slice(from).trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return undefined;
  let values: unknown;
  try {
    values = JSON.parse(trimmed);
  } catch {
    return undefined;
  }
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) return undefined;
  const strings = [...text.slice(from).matchAll(/"(?:[^"\\]|\\.)*"/g)];
  return values.map((value: string, i) => {
    const start = from + (strings[i]?.index ?? 0);
    return { text: value, start, end: start + (strings[i]?.[0].length ?? 0) };
  });
}

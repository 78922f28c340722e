import { asText, fill, type Values } from '../substitute.ts';

/** Outside of quotes a shell would make something of these; a word of them is not what it looks like. */
const shellOnly = /[|&;<>()`*?[\]#~{}\n!]/;

/**
 * Splits a command line into words as a shell does, but for all that a shell would do with them. Variables are replaced
 * after splitting, so that no value of one can become another word; a line that is one variable is split as it is.
 */
export function wordsIn(line: string, values: Values): { words: readonly string[] } | { problem: string } {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const word = wordIn(rest, values);
    if ('problem' in word) return word;
    words.push(word.text);
    rest = rest.slice(word.length).trimStart();
  }
  return { words };
}

type Word = { text: string; length: number } | { problem: string };

/** One word, made of pieces that follow one another without a blank. */
function wordIn(text: string, values: Values): Word {
  let word = '';
  let at = 0;
  while (at < text.length && !/[ \t]/.test(text[at] ?? '')) {
    const piece = pieceIn(text.slice(at), values);
    if ('problem' in piece) return piece;
    word += piece.text;
    at += piece.length;
  }
  return { text: word, length: at };
}

const variable = /^\$(?:\$|[_a-z][_a-z0-9]*|\{[_a-z][_a-z0-9]*\})/i;

function pieceIn(text: string, values: Values): Word {
  const [first = ''] = text;
  if (first === "'") return quotedPiece(text, /^'([^']*)'/, values);
  if (first === '"') return quotedPiece(text, /^"((?:\\.|[^"\\])*)"/s, values);
  if (first === '$') return variablePiece(text, values);
  if (first === '\\') return { text: text[1] ?? '', length: 2 };
  return shellOnly.test(first)
    ? { problem: `a shell would act on ${JSON.stringify(first)}` }
    : { text: first, length: 1 };
}

function quotedPiece(text: string, pattern: RegExp, values: Values): Word {
  const match = pattern.exec(text);
  if (!match) return { problem: 'a quote is not closed' };
  const [all, inside = ''] = match;
  const filled = asText(fill(inside, values));
  if (all.startsWith("'")) return { text: filled, length: all.length };
  if (/[`]|\$\(/.test(inside)) return { problem: 'a shell would act on what is in the quotes' };
  return { text: filled.replace(/\\(["\\$`])/g, '$1'), length: all.length };
}

function variablePiece(text: string, values: Values): Word {
  const given = variable.exec(text)?.[0];
  const filled = given === undefined ? undefined : fill(given, values);
  if (given === undefined || filled === given)
    return { problem: 'a shell would act on "$", and no variable has that name' };
  return { text: asText(filled), length: given.length };
}

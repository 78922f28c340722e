import { Lexer } from 'yaml';

/** A comment of a file. */
export interface Comment {
  /** Without the `#`. */
  text: string;
  /** Offset of the `#`. */
  start: number;
}

/** How a file is written, as far as comments go; `none`: it has no comments (JSON). */
export type CommentStyle = 'yaml' | 'dockerfile' | 'toml' | 'env' | 'none';

/** The comments of a text. What only looks like one, in a quoted value, a block of text or a here-document, is none. */
export function commentsOf(text: string, style: CommentStyle): readonly Comment[] {
  return styles[style](text);
}

const styles: Readonly<Record<CommentStyle, (text: string) => readonly Comment[]>> = {
  yaml: yamlComments,
  dockerfile: dockerfileComments,
  toml: tomlComments,
  env: envComments,
  none: () => [],
};

function yamlComments(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  let offset = 0;
  let isScalar = false;
  for (const piece of new Lexer().lex(text)) {
    // The lexer marks plain and block text with U+001F, which is not in the source, and documents with U+0002.
    if (piece === '\u001f') isScalar = true;
    else if (piece !== '\u0002' && piece !== '\u0018') {
      if (!isScalar && piece.startsWith('#')) comments.push({ text: piece.slice(1), start: offset });
      isScalar = false;
      offset += piece.length;
    }
  }
  return comments;
}

const heredocStart = /<<-?\s*(["']?)([A-Za-z_]\w*)\1/g;

function dockerfileComments(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  const open: string[] = [];
  for (const { line, start } of linesIn(text)) {
    const [heredoc] = open;
    if (heredoc !== undefined) {
      if (line.replace(/^\t+/, '') === heredoc) open.shift();
      continue;
    }
    const lead = line.length - line.trimStart().length;
    if (line[lead] === '#') comments.push({ text: line.slice(lead + 1), start: start + lead });
    else open.push(...[...line.matchAll(heredocStart)].map(([, , name = '']) => name));
  }
  return comments;
}

/** The lines of a text without their ends. */
export function linesIn(text: string): readonly { line: string; start: number }[] {
  let start = 0;
  return text.split('\n').map((whole) => {
    const found = { line: whole.replace(/\r$/, ''), start };
    start += whole.length + 1;
    return found;
  });
}

/** The four kinds of TOML strings (toml.io v1.0.0, String); the longer ones first. */
const tomlQuotes = ['"""', "'''", '"', "'"] as const;

function tomlComments(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const quote = tomlQuotes.find((one) => text.startsWith(one, at));
    if (quote !== undefined) at = endOfQuote(text, at + quote.length, quote) - 1;
    else if (text[at] === '#') {
      const end = endOfLine(text, at);
      comments.push({ text: text.slice(at + 1, end), start: at });
      at = end;
    }
  }
  return comments;
}

/** The offset behind the end of a quoted text; one that stands on a single line ends there in any case. */
function endOfQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (quote[0] === '"' && text[at] === '\\') at += 1;
    else if (text.startsWith(quote, at)) return at + quote.length;
    else if (quote.length === 1 && text[at] === '\n') return at;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  const stop = end === -1 ? text.length : end;
  return text[stop - 1] === '\r' ? stop - 1 : stop;
}

/** Quotes of an env file may go over lines, and begin a value only. */
function envComments(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  for (let at = 0; at < text.length; ) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    const opened = /^[^#=]*=[ \t]*(["'])/.exec(line);
    if (opened) {
      at = closingQuote(text, at + opened[0].length, opened[1] ?? '"');
      continue;
    }
    const hash = /(?:^|[ \t])#/.exec(line);
    if (hash) {
      const start = at + hash.index + hash[0].length - 1;
      comments.push({ text: text.slice(start + 1, end), start });
    }
    at = text.indexOf('\n', end) + 1 || text.length;
  }
  return comments;
}

/** Behind the quote that ends a value, which may be on a later line. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

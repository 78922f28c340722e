// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in cutover.yml

import { Composer, CST, type Document, Lexer, LineCounter, type Node, Parser } from 'yaml';
import { type Found, mostProblems, quoted } from './problems.ts';
import { deepest } from './tree.ts';

/** Pieces (words, brackets, blanks, line ends) in one file: some hundred times what a large release file has. */
export const mostPieces = 60_000;

/** Levels of the parser's stack: the document and its scalars come on top of the collections. */
const deepestStack = deepest + 8;

export type Parsed = { root: Node } | { found: Found[] };

/** The places of all lines of a text. */
export function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

/**
 * One YAML 1.2 document. Reads in steps, so that a file that is too deep or has too many parts is given up before it
 * costs memory; tags and directives, which change what values mean, are refused.
 */
export function parseYaml(text: string): Parsed {
  const tokens = tokensOf(text);
  if ('found' in tokens) return tokens;
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false });
  const documents = [...composer.compose(tokens.tokens, true, text.length)];
  const syntax = unquotedVariable(documents.flatMap(syntaxProblems), text);
  const found = [...tokens.refused, ...syntax, ...severalDocuments(documents)];
  if (found.length > 0) return { found };
  const root = documents[0]?.contents;
  return root ? { root } : { found: [emptyFile] };
}

export const emptyFile: Found = {
  offset: 0,
  path: [],
  message: 'the file is empty',
  allowed: 'name and components',
};

type Tokens = { tokens: CST.Token[]; refused: Found[] } | { found: Found[] };

const refusals: ReadonlyMap<string | null, string> = new Map([
  ['tag', 'YAML tags are not supported'],
  ['directive-line', 'YAML directives are not supported'],
]);

/** The concrete syntax, or the first reason to give the file up. */
function tokensOf(text: string): Tokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const refused: Found[] = [];
  let pieces = 0;
  let errors = 0;
  let isScalar = false;
  for (const piece of new Lexer().lex(text)) {
    const { offset } = parser;
    for (const token of parser.next(piece)) {
      tokens.push(token);
      if (token.type === 'error') errors += 1;
    }
    pieces += 1;
    // Each would become an error object with a stack; no more of them are told anyway.
    if (errors > mostProblems) break;
    const fatal = costly(piece, { offset, depth: parser.stack.length, pieces });
    if (fatal !== undefined) return { found: [fatal] };
    const message = isScalar ? undefined : refusals.get(CST.tokenType(piece));
    if (message !== undefined) refused.push({ offset, path: [], message, given: quoted(piece) });
    isScalar = piece === CST.SCALAR;
  }
  tokens.push(...parser.end());
  return { tokens, refused };
}

/** Why going on would cost too much. Double-quoted text comes as one piece with its quotes. */
function costly(piece: string, at: { offset: number; depth: number; pieces: number }): Found | undefined {
  const { offset } = at;
  if (at.depth > deepestStack) {
    return { offset, path: [], message: `mappings and lists are nested more than ${deepest} deep` };
  }
  if (at.pieces > mostPieces) return { offset, path: [], message: 'the file has too many parts' };
  const bad = piece.startsWith('"') ? badEscape(piece) : undefined;
  if (bad === undefined) return undefined;
  return { offset: offset + bad.index, path: [], message: `not valid YAML: ${bad.text} is not an escape` };
}

/** All escapes of double-quoted text, YAML 1.2 section 5.7; the group is empty at a backslash that begins none. */
const escapes = /\\((?:[0abefnrtvNLP_ "/\\\t\n]|\r\n|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})?)/g;

/** The composer would make an error object of every one; a megabyte of them does not fit in memory. */
function badEscape(piece: string): { index: number; text: string } | undefined {
  for (const match of piece.matchAll(escapes)) {
    if (match[1] === '')
      return { index: match.index, text: quoted(piece.slice(match.index, match.index + 2)) };
  }
  return undefined;
}

function syntaxProblems(document: Document.Parsed): Found[] {
  return [...document.errors, ...document.warnings].map((error) => ({
    offset: error.pos[0],
    path: [],
    message: `not valid YAML: ${error.message}`,
  }));
}

/**
 * In `{ a: ${env.B} }` YAML takes the inner brace for a mapping. That is said in words of ours, and what YAML makes of
 * the rest of the file is not worth telling.
 */
function unquotedVariable(found: Found[], text: string): Found[] {
  const first = found.findIndex(({ offset }) => text.startsWith('${', offset - 1));
  const offset = found[first]?.offset;
  if (offset === undefined) return found;
  const message = 'a variable inside { } or [ ] has to stand in quotes';
  const name = /^\$\{[\w.]{1,60}\}/.exec(text.slice(offset - 1, offset + 70))?.[0] ?? '${…}';
  return [
    ...found.slice(0, first),
    { offset: offset - 1, path: [], message, given: name, allowed: `"${name}"` },
  ];
}

function severalDocuments(documents: readonly Document.Parsed[]): Found[] {
  const second = documents[1];
  if (second === undefined) return [];
  const offset = second.range[0];
  return [{ offset, path: [], message: 'the file holds several documents', allowed: 'one document' }];
}

import { count, shorten } from './format.ts';
import { plainAddress, printable } from './markup.ts';

/** Everything that means something to Markdown, its tables, HTML, mentions, emoji or math. */
const special = /[&<>"'`|*_~[\](){}#!\\$@^=]/g;

/**
 * A value as plain inline text of GitHub's Markdown, also within a table cell: no character of it starts markup, a link,
 * a mention or a new line.
 */
export function markdownText(text: string, length = 300): string {
  const line = printable(shorten(text, length)).replace(/\s+/g, ' ').trim();
  return line
    .replace(special, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/:(?=\/\/|:|100:|[a-z_+-][\w+-]*:)/gi, '&#58;')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}&#46;`)
    .replace(/^(\d+)\.(?=\s|$)/, '$1&#46;')
    .replace(/^[-+]/, (bullet) => `&#${bullet.charCodeAt(0)};`);
}

/** A value as code within a line. */
export const markdownCode = (text: string, length = 300): string =>
  `<code>${markdownText(text, length)}</code>`;

export interface MarkdownTable<Row> {
  head: readonly string[];
  rows: readonly Row[];
  /** The cells of a row, as Markdown already; asked only for rows that are shown. */
  cells: (row: Row) => readonly string[];
  /** Bytes of UTF-8 that the table may take. */
  bytes: number;
  /** Rows at the most. */
  most: number;
}

/** A table of as many rows as fit; what does not fit is said. */
export function markdownTable<Row>(table: MarkdownTable<Row>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const lines = [line(table.head), line(table.head.map(() => '---'))];
  let left = table.bytes - byteLength(lines.join(''));
  let shown = 0;
  for (const row of table.rows.slice(0, table.most)) {
    const next = line(table.cells(row));
    left -= byteLength(next);
    if (left < 0) break;
    lines.push(next);
    shown += 1;
  }
  const rest = table.rows.length - shown;
  return `${lines.join('')}${rest > 0 ? `\nand ${count(rest)} more\n` : ''}`;
}

/** Where a run can be looked up, as a link where it is a plain https address and as text otherwise. */
export function markdownOrigin(origin: string): string {
  return plainAddress.test(origin) ? `[${markdownText(origin)}](${origin})` : markdownText(origin);
}

/** Bytes of UTF-8. */
export const byteLength = (text: string): number => Buffer.byteLength(text);

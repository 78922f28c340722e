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

/**
 * A table of as many rows as fit in `bytes` of UTF-8, at most `rows`; what does not fit is said. The cells are Markdown
 * already.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  limits: { bytes: number; rows: number },
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  let text = line(head) + line(head.map(() => '---'));
  let shown = 0;
  for (const row of rows) {
    const next = line(row);
    if (shown === limits.rows || byteLength(text) + byteLength(next) > limits.bytes) break;
    text += next;
    shown += 1;
  }
  return shown < rows.length ? `${text}\nand ${count(rows.length - shown)} more\n` : text;
}

/** Where a run can be looked up, as a link where it is a plain https address and as text otherwise. */
export function markdownOrigin(origin: string): string {
  return plainAddress.test(origin) ? `[${markdownText(origin)}](${origin})` : markdownText(origin);
}

/** Bytes of UTF-8. */
export const byteLength = (text: string): number => Buffer.byteLength(text);

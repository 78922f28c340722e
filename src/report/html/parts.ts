import type { Verdict } from '../../platform/verdict.ts';
import { count } from '../format.ts';
import { type Content, type Markup, markup } from '../markup.ts';
import type { StepRecord } from '../record.ts';
import { outcomeSign, outcomeWord, verdictSign, verdictWord } from '../wording.ts';

export const verdictChip = (verdict: Verdict): Markup =>
  markup`<span class="chip ${verdict}">${verdictSign[verdict]} ${verdictWord[verdict]}</span>`;

export const outcomeChip = (outcome: StepRecord['outcome']): Markup =>
  markup`<span class="chip ${outcome}">${outcomeSign[outcome]} ${outcomeWord[outcome]}</span>`;

export const colorName = (color: 'blue' | 'green' | undefined): Markup =>
  color === undefined
    ? markup`<span class="quiet">none</span>`
    : markup`<span class="nowrap"><span class="dot ${color}"></span>${color}</span>`;

export interface Column<Row> {
  title: string;
  cell: (row: Row) => Content;
  /** Class of its cells: `num` for figures, `bar` for drawings. */
  kind?: 'num' | 'bar' | 'nowrap' | 'quiet';
}

/** A table of at most `limit` rows; how many are not shown is said. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], limit = 200): Markup {
  const kind = (column: Column<Row>): Markup | undefined =>
    column.kind === undefined ? undefined : markup` class="${column.kind}"`;
  const shown = rows.slice(0, limit);
  const body = shown.map(
    (row) => markup`<tr>${columns.map((column) => markup`<td${kind(column)}>${column.cell(row)}</td>`)}</tr>`,
  );
  const rest = rows.length - shown.length;
  const more =
    rest > 0 ? markup`<p class="hint">and ${count(rest)} more, all of them in record.json</p>` : undefined;
  const head = columns.map((column) => markup`<th scope="col"${kind(column)}>${column.title}</th>`);
  return markup`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${more}`;
}

export interface Section {
  title: string;
  hint?: string;
  /** Longer than a page when printed. */
  long?: 'long';
}

export const section = (about: Section, content: Content): Markup =>
  markup`<section${about.long ? markup` class="long"` : undefined}><h2>${about.title}</h2>${about.hint === undefined ? undefined : markup`<p class="hint">${about.hint}</p>`}${content}</section>\n`;

/** Pairs of a name and a value; those without a value are left out. */
export const facts = (pairs: readonly (readonly [string, Content])[]): Markup =>
  markup`<dl class="facts">${pairs
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

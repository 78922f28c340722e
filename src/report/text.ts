import { count, duration, notMeasured, percent, shorten } from './format.ts';
import { printable } from './markup.ts';
import type { CutoverEvidence, ReleaseRecord } from './record.ts';
import { headline, verdictSign, verdictWord } from './wording.ts';

/** How a host marks parts of the text; the plain one marks nothing. */
export interface TextStyle {
  strong(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
}

export const plainText: TextStyle = {
  strong: (text) => text,
  good: (text) => text,
  bad: (text) => text,
  dim: (text) => text,
};

/**
 * A value on one line of a log: no control characters, and nothing that a runner would take for a workflow command
 * (`::` at the start of a line, `##[` anywhere).
 */
export function logText(text: string, length = 200): string {
  const line = printable(shorten(text, length)).replace(/\s+/g, ' ').trim();
  return line.replaceAll('##[', '# #[').replace(/^::/, ': :');
}

/** Columns on a terminal: wide letters and signs (East Asian, emoji) take two, combining marks none. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text.replace(/\p{M}|\u200d|\ufe0f/gu, '')) {
    const wide =
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff01-\uff60\p{Emoji_Presentation}]/u.test(
        character,
      );
    columns += wide ? 2 : 1;
  }
  return columns;
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columnsOf(text)));

interface Line {
  name: string;
  value: string;
  tone: keyof TextStyle | undefined;
}

/** The verdict, what was measured, and every gate with its limit, in aligned columns; ends with a line break. */
export function renderText(record: ReleaseRecord, style: TextStyle = plainText): string {
  const { cutover } = record;
  const tone = record.verdict === 'passed' ? 'good' : 'bad';
  const head = `${style[tone](verdictSign[record.verdict])} ${style.strong(logText(headline(record), 600))}`;
  if (cutover === undefined) return `${head}\n`;
  const blocks = [figures(figuresOf(cutover), style), gates(cutover, style)].filter((block) => block !== '');
  return `${[head, ...blocks].join('\n\n')}\n`;
}

function figuresOf(cutover: CutoverEvidence): readonly Line[] {
  const { meter } = cutover;
  const line = (name: string, value: string, tone?: keyof TextStyle): Line => ({ name, value, tone });
  const measured = meter !== undefined && meter.sent > 0;
  const latency = meter?.latency;
  const switched = cutover.switches.length > 0;
  const failed = measured ? `${count(meter.failed)} (${percent(meter.failed / meter.sent)})` : notMeasured;
  return [
    line('requests', measured ? `${count(meter.sent)} at ${count(meter.rate)}/s` : notMeasured),
    line('failed', failed, measured ? (meter.failed > 0 ? 'bad' : 'good') : 'dim'),
    line('longest gap', measured ? duration(meter.longestGapMs) : notMeasured),
    line(
      'latency',
      latency
        ? `p50 ${duration(latency.p50)}, p99 ${duration(latency.p99)}, max ${duration(latency.max)}`
        : notMeasured,
    ),
    ...(switched
      ? [
          line(
            'switch',
            cutover.switchMs === undefined ? notMeasured : `${duration(cutover.switchMs)} to verified`,
          ),
        ]
      : []),
    ...(cutover.rollback
      ? [line('rollback', `${duration(cutover.rollback.verifiedAfterMs)} from breach to verified`)]
      : []),
    ...(switched ? [line('left on old', count(cutover.residualOld))] : []),
  ];
}

function figures(lines: readonly Line[], style: TextStyle): string {
  const width = Math.max(...lines.map((line) => columnsOf(line.name)));
  return lines
    .map(
      (line) =>
        `  ${style.dim(pad(line.name, width))}  ${line.tone ? style[line.tone](line.value) : line.value}`,
    )
    .join('\n');
}

function gates(cutover: CutoverEvidence, style: TextStyle): string {
  const rows = cutover.gates.map((gate) => ({
    verdict: gate.verdict,
    cells: [gate.name, gate.measured, gate.limit].map((cell) => logText(cell, 80)),
  }));
  if (rows.length === 0) return '';
  const head = ['gate', 'measured', 'limit'];
  const widths = head.map((title, i) =>
    Math.max(columnsOf(title), ...rows.map((row) => columnsOf(row.cells[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => pad(cell, widths[i] ?? 0)).join('  ');
  const body = rows.map((row) => {
    const tone = row.verdict === 'passed' ? 'good' : 'bad';
    return `  ${line(row.cells)}  ${style[tone](`${verdictSign[row.verdict]} ${verdictWord[row.verdict]}`)}`;
  });
  return [`  ${style.dim(`${line(head)}  verdict`)}`, ...body].join('\n');
}

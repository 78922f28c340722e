import type { Verdict } from '../platform/verdict.ts';
import type { MeterReport } from '../traffic/report.ts';
import { count, duration, notMeasured, percent, shorten } from './format.ts';
import { printable } from './markup.ts';
import { findingWord, ledgerText } from './proof-wording.ts';
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
  const blocks = [
    ...(cutover ? [figures(figuresOf(cutover), style), gates(cutover.gates, style)] : []),
    ...proofBlocks(record, style),
  ].filter((block) => block !== '');
  if (blocks.length === 0) return `${head}\n`;
  return `${[head, ...blocks].join('\n\n')}\n`;
}

const line = (name: string, value: string, tone?: Line['tone']): Line => ({ name, value, tone });

function figuresOf(cutover: CutoverEvidence): readonly Line[] {
  const switched = cutover.switches.length > 0;
  const { switchMs, rollback } = cutover;
  return [
    line('why', logText(cutover.reason, 300)),
    ...measuredOf(cutover.meter),
    ...(switched
      ? [line('switch', switchMs === undefined ? notMeasured : `${duration(switchMs)} to verified`)]
      : []),
    ...(rollback ? [line('rollback', `${duration(rollback.verifiedAfterMs)} from breach to verified`)] : []),
    ...(switched ? [line('left on old', count(cutover.residualOld))] : []),
  ];
}

function measuredOf(meter: MeterReport | undefined): readonly Line[] {
  if (meter === undefined || meter.sent === 0) return [line('requests', notMeasured, 'dim')];
  const { latency } = meter;
  const spread = latency
    ? `p50 ${duration(latency.p50)}, p99 ${duration(latency.p99)}, max ${duration(latency.max)}`
    : notMeasured;
  const failed = `${count(meter.failed)} (${percent(meter.failed / meter.sent)})`;
  return [
    line('requests', `${count(meter.sent)} at ${count(meter.rate)}/s`),
    line('failed', failed, meter.failed > 0 ? 'bad' : 'good'),
    line('longest gap', duration(meter.longestGapMs)),
    line('latency', spread),
    ...(meter.lateSends > 0
      ? [
          line(
            'late sends',
            `${count(meter.lateSends)} of ${count(meter.sent)}: the measurement itself was late`,
          ),
        ]
      : []),
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

/** Checks and experiments, one line each, with the limits that were not kept below. */
function proofBlocks({ smoke = [], chaos }: ReleaseRecord, style: TextStyle): readonly string[] {
  const checks = smoke.map(({ aim, checks }) =>
    lines(
      `smoke on ${aim}`,
      checks.map(({ name, verdict, finding, detail }) => ({
        verdict,
        name,
        text: finding === undefined ? detail : `${findingWord[finding]}: ${detail}`,
      })),
      style,
    ),
  );
  const experiments = (chaos?.experiments ?? []).map((one) => {
    const rows = [
      { verdict: one.verdict, name: 'verdict', text: one.reason },
      ...one.faults.map(({ kind, witnessed, witness }) => ({
        verdict: witnessed,
        name: kind,
        text: witness,
      })),
      ...one.gates.map((gate) => ({ ...gate, text: `${gate.measured}, limit ${gate.limit}` })),
      ...(one.ledger ? [{ verdict: one.ledger.verdict, name: 'writes', text: ledgerText(one.ledger) }] : []),
    ];
    return lines(`chaos: ${one.name}`, rows, style);
  });
  return [...checks, ...experiments];
}

interface ProofLine {
  verdict: Verdict;
  name: string;
  text: string;
}

function lines(title: string, rows: readonly ProofLine[], style: TextStyle): string {
  const width = Math.max(0, ...rows.map(({ name }) => columnsOf(logText(name, 60))));
  const body = rows.map(({ verdict, name, text }) => {
    const tone = verdict === 'passed' ? 'good' : 'bad';
    return `  ${style[tone](verdictSign[verdict])} ${pad(logText(name, 60), width)}  ${logText(text, 300)}`;
  });
  return [`  ${style.dim(logText(title))}`, ...body].join('\n');
}

function gates(all: CutoverEvidence['gates'], style: TextStyle): string {
  const rows = all.map((gate) => ({
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

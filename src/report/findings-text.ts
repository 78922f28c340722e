import {
  byFile,
  countsOf,
  type FindingLevel,
  type FindingsReport,
  type ReportedFinding,
  worstFirst,
} from './findings-model.ts';
import { count, plural } from './format.ts';
import { logText, plainText, type TextStyle } from './text.ts';
import { verdictSign } from './wording.ts';

export interface FindingsStyle extends TextStyle {
  warn(text: string): string;
}

export const plainFindings: FindingsStyle = { ...plainText, warn: (text) => text };

const tones: Readonly<Record<FindingLevel, keyof FindingsStyle>> = {
  error: 'bad',
  warning: 'warn',
  notice: 'dim',
};

export interface TextOptions {
  style: FindingsStyle;
  /** The line of a finding; undefined where it must not or cannot be shown. */
  sourceOf(finding: ReportedFinding): string | undefined;
  /** So many findings, the worst ones, are shown with their line. */
  withSource: number;
  /** Columns of the terminal. */
  width: number;
}

const blank: TextOptions = { style: plainFindings, sourceOf: () => undefined, withSource: 0, width: 120 };

/** Findings at the most; a terminal that scrolls for minutes helps nobody. */
const mostFindings = 2_000;

/** The findings grouped by file, in aligned columns, and a line that sums up; ends with a line break. */
export function renderFindings(report: FindingsReport, options: Partial<TextOptions> = {}): string {
  const all = { ...blank, ...options };
  const shown = report.findings.slice(0, mostFindings);
  const sourced = new Set(worstFirst(shown).slice(0, all.withSource));
  const blocks = [...byFile(shown)].map(([file, findings]) => fileBlock(file, findings, { ...all, sourced }));
  const rest = report.findings.length - shown.length;
  if (rest > 0) blocks.push(all.style.dim(`and ${count(rest)} more; --json and --sarif have all of them`));
  return `${[...blocks, summaryLines(report, all.style)].join('\n\n')}\n`;
}

interface Drawing extends TextOptions {
  sourced: ReadonlySet<ReportedFinding>;
}

function fileBlock(file: string, findings: readonly ReportedFinding[], drawing: Drawing): string {
  const { style } = drawing;
  const widths = {
    place: Math.max(...findings.map((one) => placeOf(one).length)),
    rule: Math.max(...findings.map(({ rule }) => rule.length)),
    level: Math.max(...findings.map(({ severity }) => severity.length)),
  };
  const rows = findings.flatMap((finding) => {
    const place = style.dim(placeOf(finding).padStart(widths.place));
    const level = style[tones[finding.severity]](finding.severity.padEnd(widths.level));
    const rule = style.dim(finding.rule.padEnd(widths.rule));
    const row = `  ${place}  ${level}  ${rule}  ${logText(finding.message, 600)}`;
    return drawing.sourced.has(finding) ? [row, ...sourceLines(finding, widths.place, drawing)] : [row];
  });
  return [style.strong(logText(file, 400)), ...rows].join('\n');
}

const placeOf = ({ line, column }: ReportedFinding): string => `${line}:${column}`;

/** The line with a caret below the column, cut to the width of the terminal around it. */
function sourceLines(
  finding: ReportedFinding,
  indent: number,
  { style, sourceOf, width }: Drawing,
): string[] {
  const source = sourceOf(finding);
  if (source === undefined) return [];
  const room = Math.max(20, width - indent - 7);
  const { text, caret } = window(source, finding.column - 1, room);
  const gutter = ' '.repeat(indent + 2);
  const tone = tones[finding.severity];
  return [
    `${gutter}${style.dim('│')} ${style.dim(text)}`,
    `${gutter}${style.dim('│')} ${' '.repeat(caret)}${style[tone]('^')}`,
  ];
}

/** So much of a line as fits, with the column in it; its indentation is kept where there is room. */
function window(line: string, column: number, room: number): { text: string; caret: number } {
  const clean = (text: string) => text.replaceAll('\t', ' ').replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');
  const from =
    column < room - 8 ? 0 : Math.max(0, Math.min(column - Math.floor(room / 2), line.length - room + 1));
  const before = clean(line.slice(from, column).toWellFormed());
  const after = clean(line.slice(Math.max(from, column), from + room).toWellFormed());
  const lead = from > 0 ? '…' : '';
  const trail = from + room < line.length ? '…' : '';
  // Of the same length, so that the caret stays where it is; the runner would take it for a command.
  const text = `${lead}${before}${after}${trail}`.replaceAll('##[', '#·[');
  return { text, caret: lead.length + columns(before) };
}

/** Wide characters take two columns, marks none. */
function columns(text: string): number {
  const bare = text.replaceAll(/\p{M}/gu, '');
  const wide = bare.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/gu,
  );
  return [...bare].length + (wide?.length ?? 0);
}

function summaryLines(report: FindingsReport, style: FindingsStyle): string {
  const { errors } = countsOf(report.findings);
  const tone =
    report.verdict === 'passed' ? 'good' : report.verdict === 'failed' && errors > 0 ? 'bad' : 'warn';
  const more = besideOf(report);
  const head = `${style[tone](verdictSign[report.verdict])} ${style.strong(report.summary)}`;
  return more === '' ? head : `${head}\n  ${style.dim(more)}`;
}

/** What else a reader must know: `3 ignored, 12 in the baseline, 2 not checked`. */
export function besideOf({ ignored, skips }: FindingsReport): string {
  const baseline = ignored.filter(({ by }) => by === 'baseline').length;
  const others = ignored.length - baseline;
  return [
    ...(others > 0 ? [`${count(others)} ignored with a reason`] : []),
    ...(baseline > 0 ? [`${count(baseline)} in the baseline`] : []),
    ...(skips.length > 0 ? [`${plural(skips.length, 'check')} skipped`] : []),
  ].join(', ');
}

/** What was skipped and why, one line each. */
export function renderSkips(
  { skips }: Pick<FindingsReport, 'skips'>,
  style: FindingsStyle = plainFindings,
): string {
  return skips
    .map(
      ({ file, rule, reason }) => `  ${style.dim(`– ${logText(file)} ${rule}: ${logText(reason, 300)}`)}\n`,
    )
    .join('');
}

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
  /** Columns of the terminal, at which messages are wrapped; undefined: there is none, a finding is a line. */
  width: number | undefined;
}

const blank: TextOptions = {
  style: plainFindings,
  sourceOf: () => undefined,
  withSource: 0,
  width: undefined,
};

/** Columns of a source line where there is no terminal. */
const usualWidth = 120;

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
  const prefix = widths.place + widths.level + widths.rule + 8;
  const rows = findings.flatMap((finding, i) => {
    const place = style.dim(placeOf(finding).padStart(widths.place));
    const level = style[tones[finding.severity]](finding.severity.padEnd(widths.level));
    const rule = style.dim(finding.rule.padEnd(widths.rule));
    const [first = '', ...more] = wrapped(
      logText(finding.message, 600),
      (drawing.width ?? Infinity) - prefix,
    );
    const row = `  ${place}  ${level}  ${rule}  ${first}`;
    const rest = more.map((text) => ' '.repeat(prefix) + text);
    // Several findings on one line are told together, with the line below them.
    const isLast = findings[i + 1]?.line !== finding.line;
    const ofLine = isLast ? findings.filter((one) => one.line === finding.line) : [];
    const source = ofLine.some((one) => drawing.sourced.has(one))
      ? sourceLines(ofLine, widths.place, drawing)
      : [];
    return [row, ...rest, ...source];
  });
  return [style.strong(logText(file, 400)), ...rows].join('\n');
}

/** A message in lines of so many characters; where that is too narrow to read, the terminal may break it as it likes. */
function wrapped(text: string, room: number): string[] {
  if (text.length <= room || room < 30) return [text];
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > room) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

const placeOf = ({ line, column }: ReportedFinding): string => `${line}:${column}`;

/** The line of some findings with carets below their columns, cut to the width of the terminal around the first. */
function sourceLines(
  findings: readonly ReportedFinding[],
  indent: number,
  { style, sourceOf, width = usualWidth }: Drawing,
): string[] {
  const [first] = findings.toSorted((a, b) => a.column - b.column);
  const sources = findings.map(sourceOf);
  const source = sources[0];
  // What one of them must not show, the others must not either.
  if (first === undefined || source === undefined || sources.includes(undefined)) return [];
  const room = Math.max(20, width - indent - 7);
  const { text, caretAt } = window(source, first.column - 1, room);
  const gutter = `${' '.repeat(indent + 2)}${style.dim('│')} `;
  return [gutter + style.dim(text), gutter + carets(findings, caretAt, style)];
}

function carets(
  findings: readonly ReportedFinding[],
  caretAt: (column: number) => number | undefined,
  style: FindingsStyle,
): string {
  const marks = new Map<number, FindingLevel>();
  for (const { column, severity } of worstFirst(findings)) {
    const at = caretAt(column - 1);
    if (at !== undefined && !marks.has(at)) marks.set(at, severity);
  }
  let end = 0;
  return [...marks]
    .sort(([a], [b]) => a - b)
    .map(([at, severity]) => {
      const mark = ' '.repeat(at - end) + style[tones[severity]]('^');
      end = at + 1;
      return mark;
    })
    .join('');
}

/** So much of a line as fits, with the column in it; its indentation is kept where there is room. */
function window(
  line: string,
  column: number,
  room: number,
): { text: string; caretAt: (column: number) => number | undefined } {
  const clean = (text: string) =>
    text
      .toWellFormed()
      .replaceAll('\t', ' ')
      .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');
  const from =
    column < room - 8 ? 0 : Math.max(0, Math.min(column - Math.floor(room / 2), line.length - room + 1));
  const lead = from > 0 ? '…' : '';
  const trail = from + room < line.length ? '…' : '';
  // Of the same length, so that the caret stays where it is; the runner would take it for a command.
  const text = `${lead}${clean(line.slice(from, from + room))}${trail}`.replaceAll('##[', '#·[');
  const caretAt = (at: number) =>
    at < from || at > from + room ? undefined : lead.length + columns(clean(line.slice(from, at)));
  return { text, caretAt };
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

import { byFile, type FindingsReport, type ReportedFinding, worstFirst } from './findings-model.ts';
import { besideOf } from './findings-text.ts';
import { count, plural } from './format.ts';
import { byteLength, markdownCode, markdownText } from './markdown.ts';
import { plainAddress } from './markup.ts';
import { verdictSign, verdictWord } from './wording.ts';

/** Bytes of the whole summary. GitHub takes 1 MiB; more than this nobody reads. */
export const largestFindingsSummary = 64 * 1024;

export interface SummaryOptions {
  /** Address of the list of rules, to which `#<id>` is added. */
  rulesPage?: string | undefined;
  /** Bytes of UTF-8 that the summary may take. Default 64 KiB. */
  bytes?: number;
}

/** The findings as Markdown for the job summary: a table a file, files with errors first; what does not fit is said. */
export function renderFindingsSummary(report: FindingsReport, options: SummaryOptions = {}): string {
  const head = headOf(report);
  const tail = `${tailOf(report)}`;
  const limit = options.bytes ?? largestFindingsSummary;
  const room = limit - byteLength(head) - byteLength(tail) - 200;
  const { text, shown } = tables(report.findings, { ...options, room });
  const rest = report.findings.length - shown;
  const more = rest > 0 ? `\nand ${plural(rest, 'more finding')}, which the SARIF and JSON files hold\n` : '';
  return `${head}${text}${more}${tail}`;
}

function headOf(report: FindingsReport): string {
  const { verdict, summary } = report;
  const beside = besideOf(report);
  return `## ${verdictSign[verdict]} Validate: ${markdownText(summary)}\n\nVerdict: **${verdictWord[verdict]}**${beside === '' ? '' : ` (${markdownText(beside)})`}\n`;
}

interface Drawing extends SummaryOptions {
  room: number;
}

function tables(findings: readonly ReportedFinding[], drawing: Drawing): { text: string; shown: number } {
  const parts: string[] = [];
  let { room } = drawing;
  let shown = 0;
  for (const [file, ofFile] of byFile(worstFirst(findings))) {
    const head = `\n### ${markdownCode(file)}: ${plural(ofFile.length, 'finding')}\n\n| place | severity | rule | finding |\n| --- | --- | --- | --- |\n`;
    const rows = ofFile.map((finding) => rowOf(finding, drawing));
    const fitting = fittingRows(rows, room - byteLength(head));
    if (fitting.length === 0) break;
    const part = head + fitting.join('');
    parts.push(part);
    room -= byteLength(part);
    shown += fitting.length;
    if (fitting.length < rows.length) break;
  }
  return { text: parts.join(''), shown };
}

function fittingRows(rows: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = rows.findIndex((row) => {
    left -= byteLength(row);
    return left < 0;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

function rowOf(
  { line, column, severity, rule, message, isChanged }: ReportedFinding,
  { rulesPage }: SummaryOptions,
): string {
  const name = markdownCode(rule);
  const linked =
    rulesPage !== undefined && plainAddress.test(rulesPage)
      ? `[${name}](${rulesPage}#${encodeURIComponent(rule)})`
      : name;
  const place = `${line}:${column}${isChanged ? ' (changed here)' : ''}`;
  return `| ${place} | ${severity === 'error' ? '**error**' : severity} | ${linked} | ${markdownText(message, 600)} |\n`;
}

const mostSkips = 20;

function tailOf({ skips, ignored }: FindingsReport): string {
  const reasons = [...Map.groupBy(skips, ({ rule, reason }) => `${rule}: ${reason}`)];
  const lines = reasons
    .slice(0, mostSkips)
    .map(([reason, all]) => `- ${markdownText(reason)} (${plural(all.length, 'file')})\n`);
  const rest = reasons.length - lines.length;
  const more = rest > 0 ? `- and ${count(rest)} more\n` : '';
  const skipped =
    skips.length === 0
      ? ''
      : `\n<details><summary>Not checked, and why</summary>\n\n${lines.join('')}${more}\n</details>\n`;
  return skipped + ignoredPart(ignored);
}

function ignoredPart(ignored: FindingsReport['ignored']): string {
  const written = ignored.filter(({ by }) => by !== 'baseline');
  if (written.length === 0) return '';
  const groups = [...Map.groupBy(written, ({ rule, reason }) => `${rule}: ${reason}`)];
  const lines = groups
    .slice(0, mostSkips)
    .map(([reason, all]) => `- ${markdownText(reason)} (${count(all.length)})\n`);
  const rest = groups.length - lines.length;
  return `\n<details><summary>Ignored, and why</summary>\n\n${lines.join('')}${rest > 0 ? `- and ${count(rest)} more\n` : ''}\n</details>\n`;
}

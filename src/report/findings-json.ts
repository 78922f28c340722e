import { countsOf, type FindingsReport } from './findings-model.ts';

/** The findings as JSON text, for programs. Changes of its form change the number in `schema`. */
export function renderFindingsJson(report: FindingsReport): string {
  return `${JSON.stringify(findingsJson(report), undefined, 2)}\n`;
}

/** The findings as plain data. Texts of replacements stay inside: they are in the patch. */
export function findingsJson({ verdict, summary, findings, ignored, skips, files }: FindingsReport) {
  return {
    schema: 'cutover/findings/v1',
    verdict,
    summary,
    ...countsOf(findings),
    files: files.length,
    findings: findings.map(plain),
    ignored: ignored.map((one) => ({ ...plain(one), by: one.by, reason: one.reason })),
    skips: skips.map(({ file, rule, reason }) => ({ file, rule, reason })),
  };
}

const plain = ({
  file,
  line,
  column,
  severity,
  rule,
  message,
  path,
  fingerprint,
  isChanged,
}: FindingsReport['findings'][number]) => ({
  file,
  line,
  column,
  severity,
  rule,
  message,
  path,
  fingerprint,
  ...(isChanged ? { changed: true } : {}),
});

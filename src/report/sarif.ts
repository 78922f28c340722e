import { about } from '../platform/about.ts';
import {
  type FindingLevel,
  type FindingsReport,
  type IgnoredFinding,
  type ReportedFinding,
  type ReportedRule,
  worstFirst,
} from './findings-model.ts';
import { plural } from './format.ts';
import { printable } from './markup.ts';

/** GitHub refuses a run with more than 25,000 results and shows the 5,000 most severe ones (code scanning, limits). */
export const sarifLimits = { results: 5_000, message: 4_000 } as const;

const levels: Readonly<Record<FindingLevel, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  notice: 'note',
};

export interface SarifOptions {
  /** Every rule that ran, findings or not. */
  rules: readonly ReportedRule[];
  /** Address of the list of rules, to which `#<id>` is added. */
  rulesPage: string;
}

/** The findings as SARIF 2.1.0 (OASIS), the form that code scanning takes. */
export const renderSarif = (report: FindingsReport, options: SarifOptions): string =>
  `${JSON.stringify(sarif(report, options), undefined, 2)}\n`;

export function sarif(report: FindingsReport, { rules, rulesPage }: SarifOptions) {
  const all = [...worstFirst(report.findings), ...report.ignored];
  const shown = all.slice(0, sarifLimits.results);
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: driver(rules, rulesPage) },
        automationDetails: { id: 'cutover/validate/' },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: {
          '%SRCROOT%': { description: { text: 'The root of the checked-out repository.' } },
        },
        invocations: [invocation(report, all.length - shown.length)],
        results: results(shown, indexes),
      },
    ],
  };
}

function driver(rules: readonly ReportedRule[], rulesPage: string) {
  return {
    name: 'cutover',
    version: about.version,
    semanticVersion: about.version,
    informationUri: `https://github.com/${about.slug}`,
    rules: rules.map((rule) => ({
      id: rule.id,
      shortDescription: { text: `${rule.title}.` },
      fullDescription: { text: rule.why },
      help: { text: helpText(rule), markdown: helpMarkdown(rule) },
      helpUri: `${rulesPage}#${encodeURIComponent(rule.id)}`,
      defaultConfiguration: { level: levels[rule.severity] },
      properties: { tags: [rule.layer] },
    })),
  };
}

const helpText = ({ why, fix, source }: ReportedRule): string =>
  `${why}\n\nFix: ${fix}${source === undefined ? '' : `\n\nSource: ${source}`}`;

/** Titles, reasons and fixes are texts of ours, written as Markdown. */
const helpMarkdown = ({ title, why, fix, source }: ReportedRule): string =>
  `**${title}**\n\n${why}\n\n**Fix:** ${fix}${source === undefined ? '' : `\n\nSource: <${source}>`}`;

function invocation({ verdict, skips }: FindingsReport, left: number) {
  const cut =
    left > 0
      ? [
          {
            level: 'warning',
            message: {
              text: `${plural(left, 'less severe result')} left out: ${sarifLimits.results} are kept`,
            },
          },
        ]
      : [];
  const skipped = skips.slice(0, 200).map(({ file, rule, reason }) => ({
    level: 'note',
    message: { text: plainMessage(`${rule} was skipped: ${reason}`) },
    locations: [{ physicalLocation: { artifactLocation: artifact(file) } }],
  }));
  return {
    executionSuccessful: verdict !== 'inconclusive' && verdict !== 'cancelled',
    toolExecutionNotifications: [...cut, ...skipped],
  };
}

function results(
  findings: readonly (ReportedFinding | IgnoredFinding)[],
  indexes: ReadonlyMap<string, number>,
) {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { rule, severity, message, file, line, column, fingerprint } = finding;
    const nth = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, nth);
    const ruleIndex = indexes.get(rule);
    return {
      ruleId: rule,
      ...(ruleIndex === undefined ? {} : { ruleIndex }),
      level: levels[severity],
      message: { text: plainMessage(message) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: artifact(file),
            region: { startLine: line, startColumn: column },
          },
        },
      ],
      // What tells one result from another across runs; the number tells equal ones in a file apart.
      partialFingerprints: {
        'cutover/v1': `${fingerprint}:${nth}`,
        primaryLocationLineHash: `${fingerprint}:${nth}`,
      },
      ...('by' in finding ? { suppressions: [suppression(finding)] } : {}),
    };
  });
}

const suppression = ({ by, reason }: IgnoredFinding) => ({
  kind: by === 'inline' ? 'inSource' : 'external',
  status: 'accepted',
  justification: printable(reason),
});

const artifact = (file: string) => ({
  uri: file.toWellFormed().split('/').map(encodeURIComponent).join('/'),
  uriBaseId: '%SRCROOT%',
});

/**
 * A plain text message (SARIF 2.1.0, 3.11). `[text](address)` would be a link, so brackets of a message that has one are
 * escaped; braces stand for arguments only where a result has arguments, which ours never have.
 */
function plainMessage(text: string): string {
  const clean = printable(
    text.length <= sarifLimits.message ? text : `${text.slice(0, sarifLimits.message - 1)}…`,
  );
  return /\]\s*\(/.test(clean) ? clean.replaceAll(/[\\[\]]/g, (sign) => `\\${sign}`) : clean;
}

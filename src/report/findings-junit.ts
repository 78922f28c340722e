import { byFile, type FindingLevel, type FindingsReport, type ReportedFinding } from './findings-model.ts';
import { shorten } from './format.ts';
import { type Markup, markup } from './markup.ts';

const longestText = 16_384;

export interface FindingsJunitOptions {
  /** The severity from which on a case fails. */
  failOn: Exclude<FindingLevel, 'notice'>;
}

interface Case {
  file: string;
  name: string;
  line: number | undefined;
  ending: 'passed' | 'failure' | 'skipped' | 'error';
  text: string;
}

/**
 * JUnit XML: a suite a file, in it a case for each rule that found something; a case `clean` for a file without findings, a
 * skipped one for what could not be checked. When nothing was checked at all there is one case, an error.
 */
export function renderFindingsJunit(
  report: FindingsReport,
  options: FindingsJunitOptions = { failOn: 'error' },
): string {
  const suites = suitesOf(report, options);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cutover validate" ${counts(suites.flatMap(([, cases]) => cases))}>
${suites.map(([file, cases]) => drawSuite(file, cases))}</testsuites>
`.text;
}

function suitesOf(
  { verdict, summary, findings, skips, files }: FindingsReport,
  options: FindingsJunitOptions,
) {
  const found = byFile(findings);
  const skipped = byFile(skips);
  const names = [...new Set([...files, ...found.keys(), ...skipped.keys()])].sort();
  const suites = names.map((file): readonly [string, readonly Case[]] => {
    const cases = [
      ...casesOf(file, found.get(file) ?? [], options),
      ...skippedCases(file, skipped.get(file) ?? []),
    ];
    const clean: Case = { file, name: 'clean', line: undefined, ending: 'passed', text: 'no findings' };
    return [file, cases.length > 0 ? cases : [clean]];
  });
  if (verdict !== 'inconclusive') return suites;
  const nothing: Case = {
    file: 'validate',
    name: 'verdict',
    line: undefined,
    ending: 'error',
    text: summary,
  };
  return [...suites, ['validate', [nothing]] as const];
}

function casesOf(
  file: string,
  findings: readonly ReportedFinding[],
  { failOn }: FindingsJunitOptions,
): Case[] {
  return [...Map.groupBy(findings, ({ rule }) => rule)].map(([name, ofRule]) => {
    const fails = ofRule.some(({ severity }) => severity === 'error' || severity === failOn);
    const text = ofRule.map((one) => `${one.line}:${one.column} ${one.severity}: ${one.message}`).join('\n');
    return { file, name, line: ofRule[0]?.line, ending: fails ? 'failure' : 'passed', text };
  });
}

const skippedCases = (file: string, skips: FindingsReport['skips']): Case[] =>
  skips.map(({ rule, reason }) => ({ file, name: rule, line: undefined, ending: 'skipped', text: reason }));

function counts(cases: readonly Case[]): Markup {
  const number = (ending: Case['ending']): string =>
    String(cases.filter((one) => one.ending === ending).length);
  return markup`tests="${cases.length}" failures="${number('failure')}" errors="${number('error')}" skipped="${number('skipped')}"`;
}

function drawSuite(file: string, cases: readonly Case[]): Markup {
  return markup`<testsuite name="${line(file)}" ${counts(cases)}>
${cases.map(drawCase)}</testsuite>
`;
}

function drawCase({ file, name, line: at, ending, text }: Case): Markup {
  const place = at === undefined ? undefined : markup` line="${at}"`;
  const body = shorten(text, longestText);
  const drawn: Readonly<Record<Case['ending'], () => Markup>> = {
    passed: () => markup`<system-out>${body}</system-out>`,
    failure: () =>
      markup`<failure type="${line(name)}" message="${line(shorten(text.split('\n')[0] ?? '', 1_000))}">${body}</failure>`,
    error: () => markup`<error type="inconclusive" message="${line(body)}">${body}</error>`,
    skipped: () => markup`<skipped message="${line(body)}"/>`,
  };
  return markup`<testcase classname="${line(file)}" name="${line(name)}" file="${line(file)}"${place}>${drawn[ending]()}</testcase>
`;
}

/** An attribute is one line. */
const line = (text: string): string => text.replace(/\s+/g, ' ');

import { didYouMean } from '../../config/suggest.ts';
import type { Finding, Severity } from '../finding.ts';
import { isDay, isOver } from './day.ts';
import { neverIgnored, type OwnRule } from './rules.ts';

/** Something that somebody decided to live with, and where that is written. */
export interface Ignore {
  by: 'inline' | 'config';
  rule: string;
  reason: string;
  /** Where the rule is named. */
  place: { file: string; line: number; column: number; path: string };
  covers(finding: Finding): boolean;
}

/** What an ignore says before it is known whether it can be used. */
export interface WrittenIgnore extends Omit<Ignore, 'rule'> {
  rule: string | undefined;
  until: string | undefined;
  untilPlace?: Ignore['place'];
}

export interface Judging {
  ruleIds: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
}

/** The ignores that can be used, and what is wrong with the others. */
export function judge(
  written: readonly WrittenIgnore[],
  judging: Judging,
): { ignores: Ignore[]; findings: Finding[] } {
  const ignores: Ignore[] = [];
  const findings: Finding[] = [];
  for (const one of written) {
    const problem = problemOf(one, judging);
    if (problem) findings.push(problem);
    else if (namesRule(one)) ignores.push(one);
  }
  return { ignores, findings };
}

const namesRule = (one: WrittenIgnore): one is WrittenIgnore & { rule: string } => one.rule !== undefined;

function problemOf(written: WrittenIgnore, { ruleIds, now }: Judging): Finding | undefined {
  const { rule, reason, until, place } = written;
  const example = '`# cutover-ignore <rule>: <reason>`';
  if (rule === undefined) return own('ignore-unknown-rule', place, `no rule is named; write ${example}`);
  if (neverIgnored.has(rule)) return own('ignore-unknown-rule', place, `"${rule}" cannot be ignored`);
  if (!ruleIds.includes(rule)) {
    return own('ignore-unknown-rule', place, `there is no rule "${short(rule)}"${didYouMean(rule, ruleIds)}`);
  }
  if (reason === '') {
    return own(
      'ignore-without-reason',
      place,
      `no reason is given for ignoring ${rule}, so nothing is ignored`,
    );
  }
  if (until === undefined) return undefined;
  const end = written.untilPlace ?? place;
  if (!isDay(until)) return own('ignore-until', end, `"${short(until)}" is not a day such as 2026-12-31`);
  return isOver(until, now)
    ? own('ignore-expired', end, `ignoring ${rule} was accepted until ${until}, which is over`)
    : undefined;
}

const short = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 59)}…`);

const severities: Readonly<Partial<Record<OwnRule, Severity>>> = {
  'ignore-unused': 'notice',
  'baseline-stale': 'notice',
};

/** A finding of ours about something that was written for us. */
export const own = (rule: OwnRule, place: Ignore['place'], message: string): Finding => ({
  rule,
  severity: severities[rule] ?? 'error',
  message,
  ...place,
});

/** Takes the ignored findings out. The first ignore that covers a finding counts as used, and so do all others that do. */
export function applyIgnores(findings: readonly Finding[], ignores: readonly Ignore[]) {
  const used = new Set<Ignore>();
  const kept: Finding[] = [];
  const ignored: { finding: Finding; by: Ignore['by']; reason: string }[] = [];
  const byRule = Map.groupBy(ignores, ({ rule }) => rule);
  for (const finding of findings) {
    const covering = (byRule.get(finding.rule) ?? []).filter((one) => one.covers(finding));
    for (const one of covering) used.add(one);
    const [first] = covering;
    if (first) ignored.push({ finding, by: first.by, reason: first.reason });
    else kept.push(finding);
  }
  return { kept, ignored, unused: ignores.filter((one) => !used.has(one)) };
}

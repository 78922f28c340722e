import type { Verdict } from '../platform/verdict.ts';

export type FindingLevel = 'error' | 'warning' | 'notice';

/** One thing wrong in a file of the workspace, as the renderers see it. Lines and columns count from 1. */
export interface ReportedFinding {
  rule: string;
  severity: FindingLevel;
  message: string;
  /** Relative to the workspace, with `/`. */
  file: string;
  line: number;
  column: number;
  /** `spec/replicas`; empty where the whole document is meant. */
  path: string;
  /** The same for the same defect, whatever lines stand before it. */
  fingerprint: string;
  /** Whether the line is one of those that the pull request changes; false also where nobody knows. */
  isChanged: boolean;
}

/** A finding that somebody decided to live with. */
export interface IgnoredFinding extends ReportedFinding {
  /** inline: a comment beside it; config: cutover.yml; baseline: the baseline file. */
  by: 'inline' | 'config' | 'baseline';
  reason: string;
}

/** What could not be checked, and why. */
export interface ReportedSkip {
  rule: string;
  file: string;
  reason: string;
}

/** The texts of a rule. */
export interface ReportedRule {
  id: string;
  severity: FindingLevel;
  layer: string;
  title: string;
  why: string;
  fix: string;
  source?: string | undefined;
}

/** What validate came to: all that its reports are made of. */
export interface FindingsReport {
  verdict: Verdict;
  /** One sentence for people. */
  summary: string;
  /** By file, line, column. */
  findings: readonly ReportedFinding[];
  ignored: readonly IgnoredFinding[];
  skips: readonly ReportedSkip[];
  /** All files that were read, sorted. */
  files: readonly string[];
}

export interface Counts {
  errors: number;
  warnings: number;
  notices: number;
}

export function countsOf(findings: readonly Pick<ReportedFinding, 'severity'>[]): Counts {
  const counts: Counts = { errors: 0, warnings: 0, notices: 0 };
  for (const { severity } of findings) counts[`${severity}s`] += 1;
  return counts;
}

const weight: Readonly<Record<FindingLevel, number>> = { error: 0, warning: 1, notice: 2 };

/** Worst first; within a level lines of the pull request first, then the order that they came in. */
export function worstFirst<F extends ReportedFinding>(findings: readonly F[]): readonly F[] {
  return findings.toSorted(
    (a, b) => weight[a.severity] - weight[b.severity] || Number(b.isChanged) - Number(a.isChanged),
  );
}

/** By file, in the order that the files came in. */
export function byFile<F extends { file: string }>(
  findings: readonly F[],
): ReadonlyMap<string, readonly F[]> {
  return Map.groupBy(findings, ({ file }) => file);
}

import type { FindingLevel, FindingsReport } from './findings-model.ts';
import { worstFirst } from './findings-model.ts';
import { shorten } from './format.ts';
import { printable } from './markup.ts';

/** An annotation of a line of a file. */
export interface FindingAnnotation {
  level: FindingLevel;
  title: string;
  text: string;
  place: { file: string; line: number; column: number };
}

/** GitHub cuts messages at 4,096 characters (actions/runner); the place and the fix need some of them. */
const longestText = 3_500;

/**
 * The findings as annotations, in the order in which they should be shown: worst first, of a level those on lines that the
 * pull request changes first, then one of each file and rule before the second. Whoever sends them keeps to the runner's limits.
 */
export function findingAnnotations(report: Pick<FindingsReport, 'findings'>): readonly FindingAnnotation[] {
  return spread(worstFirst(report.findings)).map(({ severity, rule, message, file, line, column }) => ({
    level: severity,
    title: rule,
    text: shorten(printable(message), longestText),
    place: { file, line, column },
  }));
}

/** Within each level and kind of line, repetitions of a rule in a file go behind what is said for the first time. */
function spread<F extends FindingsReport['findings'][number]>(findings: readonly F[]): readonly F[] {
  const groups = Map.groupBy(findings, ({ severity, isChanged }) => `${severity} ${isChanged}`);
  return [...groups.values()].flatMap((group) => {
    const seen = new Set<string>();
    const isFirst = ({ rule, file }: F) => {
      const key = `${rule}\n${file}`;
      const first = !seen.has(key);
      seen.add(key);
      return first;
    };
    const marked = group.map((finding) => ({ finding, first: isFirst(finding) }));
    return [...marked.filter(({ first }) => first), ...marked.filter(({ first }) => !first)].map(
      ({ finding }) => finding,
    );
  });
}

import type { Rule } from '../../rule.ts';
import type { ReadingProblem } from '../../workspace.ts';

/** A rule that tells what the readers have found wrong. */
export function readingRule(id: ReadingProblem, texts: Pick<Rule, 'title' | 'why' | 'fix' | 'source'>): Rule {
  return {
    id,
    severity: 'error',
    layer: 'syntax',
    ...texts,
    check: ({ unreadable }, report) => {
      for (const { problem, document, message } of unreadable) {
        if (problem === id) report.find({ document, path: [] }, message);
      }
    },
  };
}

import { allRules } from '../../prometheus/rule-files.ts';
import type { Rule } from '../../rule.ts';
import { within } from '../../within.ts';

export const prometheusPromql: Rule = {
  id: 'prometheus-promql',
  severity: 'error',
  layer: 'schema',
  title: 'Expressions of rules are valid PromQL',
  why: 'Prometheus refuses the whole configuration for one bad expression: on a reload it keeps the old rules, on a start it ends, and either way the new alert never fires.',
  fix: 'Mend the expression at the place that is named; `promtool check rules` says the same.',
  source: 'https://prometheus.io/docs/prometheus/latest/querying/basics/',
  check(workspace, report) {
    const { promql } = workspace;
    for (const { group, value, path } of allRules(workspace)) {
      const { document, other } = group.file;
      const expression = typeof value['expr'] === 'number' ? String(value['expr']) : value['expr'];
      if (typeof expression !== 'string') continue;
      if (other !== undefined) report.skip(document, `its expressions are those of ${other}, not PromQL`);
      else if (!promql) report.skip(document, 'the parser of PromQL is not loaded');
      else {
        const problem = promql(expression);
        if (problem)
          report.find(
            within(document, [...path, 'expr'], expression, problem.index),
            `not valid PromQL: ${problem.message}`,
          );
      }
    }
  },
};

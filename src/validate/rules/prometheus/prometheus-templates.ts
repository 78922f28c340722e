import { mappingOf } from '../../document.ts';
import { allRules } from '../../prometheus/rule-files.ts';
import { templateProblem } from '../../prometheus/templates.ts';
import type { Rule } from '../../rule.ts';
import { within } from '../../within.ts';

export const prometheusTemplates: Rule = {
  id: 'prometheus-templates',
  severity: 'error',
  layer: 'schema',
  title: 'Templates in labels and annotations can be filled in',
  why: 'A template with a mistake is refused with its file, or fills the message of the alert with an error in place of what happened.',
  fix: 'Close every {{ with }}, end every if, range and with, and use $labels, $value and the functions of the template reference.',
  source: 'https://prometheus.io/docs/prometheus/latest/configuration/template_reference/',
  check(workspace, report) {
    for (const { group, value, path } of allRules(workspace)) {
      // Recording rules have plain labels.
      if (value['alert'] === undefined) continue;
      for (const part of ['labels', 'annotations']) {
        for (const [name, text] of Object.entries(mappingOf(value[part]) ?? {})) {
          const problem = typeof text === 'string' && text.includes('{{') ? templateProblem(text) : undefined;
          if (!problem || typeof text !== 'string') continue;
          report.find(
            within(group.file.document, [...path, part, name], text, problem.index),
            problem.message,
          );
        }
      }
    }
  },
};

import { mappingOf } from '../../document.ts';
import { allRules, type PrometheusRuleItem } from '../../prometheus/rule-files.ts';
import type { Reporter, Rule } from '../../rule.ts';

const metricName = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const labelName = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const prometheusNames: Rule = {
  id: 'prometheus-names',
  severity: 'warning',
  layer: 'schema',
  title: 'Names of metrics, labels and annotations are valid',
  why: 'Prometheus refuses a file with a name it does not take; since version 3 it takes most texts, but then each query has to quote them and Alertmanager’s templates cannot reach them.',
  fix: 'Use letters, digits and _ (in names of metrics also :), not starting with a digit.',
  source: 'https://prometheus.io/docs/concepts/data_model/',
  check(workspace, report) {
    for (const rule of allRules(workspace)) {
      const { record } = rule.value;
      if (typeof record === 'string' && record !== '' && !metricName.test(record)) {
        const message =
          'record is not the name of a metric: letters, digits, _ and :, not starting with a digit';
        find(rule, report, { at: ['record'], message });
      }
      checkKeys(rule, report, 'labels');
      checkKeys(rule, report, 'annotations');
    }
  },
};

interface Told {
  readonly at: readonly string[];
  readonly message: string;
  /** Of what every version refuses; else the rule's own. */
  readonly severity?: 'error';
}

function find({ group, path }: PrometheusRuleItem, report: Reporter, { at, message, severity }: Told): void {
  const part = at.length > 1 ? 'key' : 'value';
  const spot = { document: group.file.document, path: [...path, ...at], part } as const;
  report.find(spot, message, severity === undefined ? {} : { severity });
}

function checkKeys(rule: PrometheusRuleItem, report: Reporter, key: 'labels' | 'annotations'): void {
  const given = rule.value[key];
  if (given !== undefined && given !== null && !mappingOf(given)) {
    find(rule, report, { at: [key], message: `${key} is not a mapping`, severity: 'error' });
    return;
  }
  for (const [name, value] of Object.entries(mappingOf(given) ?? {})) {
    const told = toldOf(key, name, value);
    if (told) find(rule, report, told);
  }
}

function toldOf(key: 'labels' | 'annotations', name: string, value: unknown): Told | undefined {
  const noun = key === 'labels' ? 'a label' : 'an annotation';
  const at = [key, name];
  if (typeof value === 'object' && value !== null)
    return { at, message: `the value of ${noun} is a text`, severity: 'error' };
  if (key === 'labels' && name === '__name__')
    return { at, message: '__name__ cannot be set; it is the name of the metric', severity: 'error' };
  if (labelName.test(name)) return undefined;
  const message = `"${name.slice(0, 60)}" is not the name of ${noun}: letters, digits and _, not starting with a digit`;
  return { at, message };
}

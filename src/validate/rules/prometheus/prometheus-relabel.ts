import { didYouMean } from '../../../config/suggest.ts';
import { listOf, mappingOf, type Path } from '../../document.ts';
import { findUnknownKeys } from '../../prometheus/keys.ts';
import { re2Problem } from '../../prometheus/re2.ts';
import { type ScrapeConfig, scrapeConfigs } from '../../prometheus/rule-files.ts';
import type { Reporter, Rule } from '../../rule.ts';

const keys = ['source_labels', 'separator', 'regex', 'modulus', 'target_label', 'replacement', 'action'];
const actions = [
  'replace',
  'lowercase',
  'uppercase',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
];
/** Actions that write to a label, and those that read the labels named. */
const writing = ['replace', 'lowercase', 'uppercase', 'hashmod', 'keepequal', 'dropequal'];
const reading = ['keep', 'drop', 'hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal'];

export const prometheusRelabel: Rule = {
  id: 'prometheus-relabel',
  severity: 'error',
  layer: 'schema',
  title: 'Relabelling has known actions and valid expressions',
  why: 'Prometheus does not start with an expression that RE2 cannot read, and a relabelling without its labels silently drops every target or none.',
  fix: 'Write an action of the documentation with the labels that it needs, and a regular expression without lookaround and back-references.',
  source: 'https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config',
  check(workspace, report) {
    for (const config of scrapeConfigs(workspace)) {
      for (const key of ['relabel_configs', 'metric_relabel_configs']) {
        for (const [index, item] of listOf(config.value[key]).entries())
          checkOne(config, item, [...config.path, key, index], report);
      }
    }
  },
};

function checkOne({ document }: ScrapeConfig, item: unknown, path: Path, report: Reporter): void {
  const value = mappingOf(item);
  if (!value) {
    report.find({ document, path }, 'a relabelling is a mapping with action, source_labels and so on');
    return;
  }
  findUnknownKeys(report, { document, path, value, noun: 'a relabelling' }, keys);
  const find = (key: string, message: string): void =>
    report.find({ document, path: [...path, key] }, message);
  const action = value['action'] === undefined ? 'replace' : String(value['action']).toLowerCase();
  if (!actions.includes(action))
    find('action', `"${action.slice(0, 40)}" is not an action${didYouMean(action, actions)}`);
  if (writing.includes(action) && !isSet(value['target_label']))
    find('target_label', `${action} needs a target_label`);
  if (reading.includes(action) && listOf(value['source_labels']).length === 0)
    find('source_labels', `${action} needs source_labels`);
  if (action === 'hashmod' && !(Number.isInteger(value['modulus']) && Number(value['modulus']) > 0))
    find('modulus', 'hashmod needs a modulus, a whole number from 1');
  const labels = value['source_labels'];
  if (labels !== undefined && labels !== null && !Array.isArray(labels))
    find('source_labels', 'source_labels is not a list');
  const { regex } = value;
  const problem = typeof regex === 'string' ? re2Problem(regex) : undefined;
  if (problem !== undefined) find('regex', `this regular expression is not valid: ${problem}`);
}

const isSet = (value: unknown): boolean => typeof value === 'string' && value !== '';

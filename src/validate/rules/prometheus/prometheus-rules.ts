import { didYouMean } from '../../../config/suggest.ts';
import { listOf, mappingOf, type Path, textOf } from '../../document.ts';
import { findUnknownKeys } from '../../prometheus/keys.ts';
import {
  groupsOf,
  type PrometheusRuleItem,
  type RuleFile,
  type RuleGroup,
  ruleFiles,
  rulesOf,
} from '../../prometheus/rule-files.ts';
import type { Reporter, Rule } from '../../rule.ts';

/** Keys of a group; the second line are those of Thanos and Mimir, which read the same files. */
const groupKeys = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'];
const groupKeysOfOthers = [
  'partial_response_strategy',
  'source_tenants',
  'evaluation_delay',
  'align_evaluation_time_on_interval',
  'remote_write',
];
const recordKeys = ['record', 'expr', 'labels'];
const alertKeys = ['alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

export const prometheusRules: Rule = {
  id: 'prometheus-rules',
  severity: 'error',
  layer: 'schema',
  title: 'Rule files have the structure that Prometheus reads',
  why: 'One unknown key or a rule that is neither record nor alert, and Prometheus refuses the whole file: none of its alerts fires.',
  fix: 'Write groups with a name of their own, and in each rule exactly one of record and alert, with expr.',
  source: 'https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/',
  check(workspace, report) {
    for (const file of ruleFiles(workspace)) {
      if (!Array.isArray(file.value['groups'])) {
        const spot = { document: file.document, path: [...file.path, 'groups'] };
        report.find(
          spot,
          file.value['groups'] === undefined ? 'there are no groups' : 'groups is not a list',
        );
      }
      for (const [index, item] of listOf(file.value['groups']).entries()) {
        if (!mappingOf(item))
          report.find(
            { document: file.document, path: [...file.path, 'groups', index] },
            'a group is a mapping with name and rules',
          );
      }
      checkNames(file, report);
      for (const group of groupsOf(file)) checkGroup(group, report);
    }
  },
};

function checkNames(file: RuleFile, report: Reporter): void {
  const seen = new Set<string>();
  for (const { value, path } of groupsOf(file)) {
    const name = textOf(value['name']);
    const spot = { document: file.document, path: [...path, 'name'] };
    if (name === undefined) report.find(spot, 'the group has no name');
    else if (seen.has(name)) report.find(spot, `another group of this file is called "${name}" already`);
    else seen.add(name);
  }
}

function checkGroup(group: RuleGroup, report: Reporter): void {
  const { file, value, path } = group;
  const { document } = file;
  findUnknownKeys(report, { document, path, value, noun: 'a group' }, groupKeys, (key) =>
    groupKeysOfOthers.includes(key),
  );
  const { rules, limit } = value;
  if (limit !== undefined && !(Number.isInteger(limit) && Number(limit) >= 0))
    report.find({ document, path: [...path, 'limit'] }, 'limit is not a whole number from 0');
  if (rules !== undefined && rules !== null && !Array.isArray(rules))
    report.find({ document, path: [...path, 'rules'] }, 'rules is not a list');
  for (const [index, item] of listOf(rules).entries()) {
    if (!mappingOf(item))
      report.find(
        { document, path: [...path, 'rules', index] },
        'a rule is a mapping with record or alert, and expr',
      );
  }
  for (const rule of rulesOf(group)) checkRule(rule, report);
}

function checkRule({ group, value, path }: PrometheusRuleItem, report: Reporter): void {
  const { document } = group.file;
  const find = (at: Path, message: string): void =>
    report.find({ document, path: [...path, ...at] }, message);
  const isRecord = value['record'] !== undefined;
  const isAlert = value['alert'] !== undefined;
  if (isRecord && isAlert) find(['alert'], 'a rule has one of record and alert, not both');
  if (!isRecord && !isAlert) find([], `the rule has neither record nor alert${misspelt(value)}`);
  for (const key of ['record', 'alert']) {
    if (value[key] !== undefined && textOf(value[key]) === undefined) find([key], `${key} is not a name`);
  }
  const { expr } = value;
  if (expr === undefined || expr === null) find(['expr'], 'the rule has no expr');
  else if (typeof expr !== 'string' && typeof expr !== 'number') find(['expr'], 'expr is not a text');
  if (isRecord === isAlert) return;
  const known = isRecord ? recordKeys : alertKeys;
  findUnknownKeys(
    report,
    { document, path, value, noun: isRecord ? 'a recording rule' : 'an alerting rule' },
    known,
  );
}

function misspelt(value: Readonly<Record<string, unknown>>): string {
  const guesses = Object.keys(value)
    .filter((key) => !alertKeys.includes(key))
    .map((key) => didYouMean(key, ['record', 'alert']));
  return guesses.find((guess) => guess !== '') ?? '';
}

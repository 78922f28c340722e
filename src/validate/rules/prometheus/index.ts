import type { Rule } from '../../rule.ts';
import { prometheusDurations } from './prometheus-durations.ts';
import { prometheusNames } from './prometheus-names.ts';
import { prometheusPromql } from './prometheus-promql.ts';
import { prometheusRecordNaming } from './prometheus-record-naming.ts';
import { prometheusRelabel } from './prometheus-relabel.ts';
import { prometheusRules as prometheusRuleFiles } from './prometheus-rules.ts';
import { prometheusScrape } from './prometheus-scrape.ts';
import { prometheusTargets } from './prometheus-targets.ts';
import { prometheusTemplates } from './prometheus-templates.ts';

export const prometheusRules: readonly Rule[] = [
  prometheusDurations,
  prometheusNames,
  prometheusPromql,
  prometheusRecordNaming,
  prometheusRelabel,
  prometheusRuleFiles,
  prometheusScrape,
  prometheusTargets,
  prometheusTemplates,
];

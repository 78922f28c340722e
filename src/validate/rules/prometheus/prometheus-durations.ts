import { type Document, mappingOf, type Path } from '../../document.ts';
import { durationProblem, parseDuration } from '../../prometheus/durations.ts';
import { allRules, groupsOf, ruleFiles, scrapeConfigs } from '../../prometheus/rule-files.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

const ofRules = ['for', 'keep_firing_for'];
const ofGroups = ['interval', 'query_offset', 'evaluation_delay'];
const ofScrapes = ['scrape_interval', 'scrape_timeout'];
const ofGlobal = [...ofScrapes, 'evaluation_interval', 'rule_query_offset'];

/** Prometheus' own defaults, in milliseconds. https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
const defaultInterval = 60_000;
const defaultTimeout = 10_000;

export const prometheusDurations: Rule = {
  id: 'prometheus-durations',
  severity: 'error',
  layer: 'schema',
  title: 'Durations are written as Prometheus reads them, and fit each other',
  why: 'Prometheus refuses the whole file for `1.5m`, `90` or `5 minutes`, and for a scrape_timeout that is longer than its scrape_interval.',
  fix: 'Write whole numbers with the units y, w, d, h, m, s, ms from large to small: `90s`, `1m30s`; keep scrape_timeout at or below scrape_interval.',
  source: 'https://prometheus.io/docs/prometheus/latest/configuration/configuration/',
  check(workspace, report) {
    for (const { group, value, path } of allRules(workspace)) {
      checkKeys(report, { document: group.file.document, value, path }, ofRules);
    }
    for (const { file, value, path } of ruleFiles(workspace).flatMap(groupsOf)) {
      checkKeys(report, { document: file.document, value, path }, ofGroups);
    }
    checkScrapes(workspace, report);
  },
};

interface Held {
  readonly document: Document;
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: Path;
}

function checkKeys(report: Reporter, { document, value, path }: Held, keys: readonly string[]): void {
  for (const key of keys) {
    const given = value[key];
    const problem = given === undefined || given === null ? undefined : durationProblem(given);
    if (problem !== undefined) report.find({ document, path: [...path, key] }, `${key}: ${problem}`);
  }
}

function checkScrapes(workspace: Workspace, report: Reporter): void {
  for (const { document, value, kind } of workspace.prometheus) {
    const global = kind === 'scrape' ? mappingOf(value['global']) : undefined;
    if (!global) continue;
    checkKeys(report, { document, value: global, path: ['global'] }, ofGlobal);
    compare(report, { document, value: global, path: ['global'] }, {});
  }
  for (const config of scrapeConfigs(workspace)) {
    checkKeys(report, config, ofScrapes);
    compare(report, config, mappingOf(mappingOf(config.document.value)?.['global']) ?? {});
  }
}

/** A timeout that is not written is cut to the interval; one that is, is not. */
function compare(report: Reporter, held: Held, global: Readonly<Record<string, unknown>>): void {
  const { document, value, path } = held;
  const interval = parseDuration(value['scrape_interval'] ?? global['scrape_interval']) ?? defaultInterval;
  const timeout = parseDuration(value['scrape_timeout'] ?? global['scrape_timeout']) ?? defaultTimeout;
  const isWritten = value['scrape_timeout'] !== undefined;
  if (timeout <= interval || !isWritten) return;
  report.find(
    { document, path: [...path, 'scrape_timeout'] },
    `scrape_timeout is longer than scrape_interval (${timeout} ms, ${interval} ms)`,
  );
}

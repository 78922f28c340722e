import { listOf, mappingOf, type Path } from '../../document.ts';
import { findUnknownKeys } from '../../prometheus/keys.ts';
import { type ScrapeConfig, scrapeConfigs } from '../../prometheus/rule-files.ts';
import type { Reporter, Rule } from '../../rule.ts';

export const prometheusTargets: Rule = {
  id: 'prometheus-targets',
  severity: 'error',
  layer: 'schema',
  title: 'Static targets are written as host:port',
  why: 'Prometheus refuses a target with a scheme or a path; the whole configuration is then not loaded.',
  fix: 'Write `gateway:8000` under targets, the path under metrics_path and https under scheme.',
  source: 'https://prometheus.io/docs/prometheus/latest/configuration/configuration/#static_config',
  check(workspace, report) {
    for (const config of scrapeConfigs(workspace)) {
      for (const [index, item] of listOf(config.value['static_configs']).entries()) {
        checkStatic(config, item, [...config.path, 'static_configs', index], report);
      }
    }
  },
};

function checkStatic(config: ScrapeConfig, item: unknown, path: Path, report: Reporter): void {
  const { document } = config;
  const value = mappingOf(item);
  if (!value) {
    report.find({ document, path }, 'an entry of static_configs is a mapping with targets');
    return;
  }
  findUnknownKeys(report, { document, path, value, noun: 'static_configs' }, ['targets', 'labels']);
  const { targets } = value;
  if (!Array.isArray(targets)) {
    report.find(
      { document, path: [...path, 'targets'] },
      targets === undefined ? 'there are no targets' : 'targets is not a list',
    );
    return;
  }
  // A target that is rewritten is a parameter of an exporter, often a whole URL.
  const isParameter = listOf(config.value['relabel_configs']).some(
    (relabel) => mappingOf(relabel)?.['target_label'] === '__address__',
  );
  if (isParameter) return;
  for (const [index, target] of targets.entries()) {
    const problem = problemOf(target);
    if (problem !== undefined) report.find({ document, path: [...path, 'targets', index] }, problem);
  }
}

function problemOf(target: unknown): string | undefined {
  if (typeof target !== 'string' || target.trim() === '') return 'a target is a text of the form host:port';
  if (/\$\{|\{\{/.test(target)) return undefined;
  if (/^[a-z]+:\/\//i.test(target))
    return 'a target has no scheme; write host:port here and scheme: https beside it';
  if (target.includes('/')) return 'a target has no path; write host:port here and metrics_path beside it';
  const [, host, port] = /^(\[[\da-fA-F:.%\w]+\]|[^\s:[\]]+)(?::(.*))?$/.exec(target) ?? [];
  if (host === undefined) return 'this is not of the form host:port';
  if (port === undefined) return undefined;
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  return isPort ? undefined : `"${port.slice(0, 20)}" is not a port; allowed: 1 to 65535`;
}

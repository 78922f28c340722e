import { listOf, mappingOf, textOf } from '../../document.ts';
import { findUnknownKeys } from '../../prometheus/keys.ts';
import { type ScrapeConfig, scrapeConfigs } from '../../prometheus/rule-files.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { PrometheusFile } from '../../workspace.ts';

/** Keys of Prometheus 3. https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
const fileKeys = [
  'global',
  'runtime',
  'rule_files',
  'scrape_config_files',
  'scrape_configs',
  'alerting',
  'remote_write',
  'remote_read',
  'otlp',
  'storage',
  'tracing',
];
const httpKeys = [
  'basic_auth',
  'authorization',
  'oauth2',
  'bearer_token',
  'bearer_token_file',
  'tls_config',
  'follow_redirects',
  'enable_http2',
  'proxy_url',
  'no_proxy',
  'proxy_from_environment',
  'proxy_connect_header',
  'http_headers',
];
const limitKeys = [
  'body_size_limit',
  'sample_limit',
  'target_limit',
  'label_limit',
  'label_name_length_limit',
  'label_value_length_limit',
  'keep_dropped_targets',
];
const sharedKeys = [
  'scrape_interval',
  'scrape_timeout',
  'scrape_protocols',
  'scrape_failure_log_file',
  'scrape_native_histograms',
  'scrape_classic_histograms',
  'always_scrape_classic_histograms',
  'convert_classic_histograms_to_nhcb',
  'metric_name_validation_scheme',
  'metric_name_escaping_scheme',
  'extra_scrape_metrics',
  ...limitKeys,
];
const globalKeys = [
  'evaluation_interval',
  'rule_query_offset',
  'external_labels',
  'query_log_file',
  ...sharedKeys,
];
const jobKeys = [
  'job_name',
  'metrics_path',
  'scheme',
  'params',
  'honor_labels',
  'honor_timestamps',
  'track_timestamps_staleness',
  'fallback_scrape_protocol',
  'enable_compression',
  'native_histogram_bucket_limit',
  'native_histogram_min_bucket_factor',
  'static_configs',
  'relabel_configs',
  'metric_relabel_configs',
  ...sharedKeys,
  ...httpKeys,
];
const discoveries =
  'aws azure consul digitalocean docker dockerswarm dns ec2 eureka file gce hetzner http ionos kubernetes kuma lightsail linode marathon nerve nomad openstack ovhcloud puppetdb scaleway serverset stackit triton uyuni vultr'
    .split(' ')
    .map((name) => `${name}_sd_configs`);

export const prometheusScrape: Rule = {
  id: 'prometheus-scrape',
  severity: 'error',
  layer: 'schema',
  title: 'Scrape configurations have the structure that Prometheus reads',
  why: 'One unknown key or a second job of the same name, and Prometheus does not start; with a job that has no targets, the metrics that gates and alerts wait for never come.',
  fix: 'Write each entry of scrape_configs with a job_name of its own and with static_configs or a service discovery.',
  source: 'https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config',
  check(workspace, report) {
    for (const file of workspace.prometheus.filter(({ kind }) => kind === 'scrape')) checkFile(file, report);
    const names = new Map<unknown, Set<string>>();
    for (const config of scrapeConfigs(workspace)) {
      const seen = names.get(config.document) ?? new Set();
      names.set(config.document, seen);
      checkName(config, seen, report);
      checkJob(config, report);
    }
  },
};

function checkFile({ document, value }: PrometheusFile, report: Reporter): void {
  findUnknownKeys(report, { document, path: [], value, noun: "Prometheus' configuration" }, fileKeys, (key) =>
    key.startsWith('x-'),
  );
  const global = mappingOf(value['global']);
  if (global)
    findUnknownKeys(report, { document, path: ['global'], value: global, noun: 'global' }, globalKeys);
  for (const [index, item] of listOf(value['scrape_configs']).entries()) {
    if (!mappingOf(item))
      report.find(
        { document, path: ['scrape_configs', index] },
        'a scrape configuration is a mapping with job_name',
      );
  }
}

function checkName({ document, value, path }: ScrapeConfig, seen: Set<string>, report: Reporter): void {
  const name = textOf(value['job_name']);
  const spot = { document, path: [...path, 'job_name'] };
  if (name === undefined) report.find(spot, 'the scrape configuration has no job_name');
  else if (seen.has(name)) report.find(spot, `another job of this file is called "${name}" already`);
  else seen.add(name);
}

function checkJob(config: ScrapeConfig, report: Reporter): void {
  const { document, value, path } = config;
  const known = [...jobKeys, ...discoveries];
  findUnknownKeys(report, { ...config, noun: 'a scrape configuration' }, known);
  const find = (key: string, message: string): void =>
    report.find({ document, path: [...path, key] }, message);
  const { scheme, metrics_path: metricsPath } = value;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    find('scheme', 'scheme is http or https');
  if (metricsPath !== undefined && !(typeof metricsPath === 'string' && metricsPath.startsWith('/')))
    find('metrics_path', 'metrics_path is a path that starts with /');
  for (const key of known.filter((name) => name.endsWith('_configs'))) {
    if (value[key] !== undefined && value[key] !== null && !Array.isArray(value[key]))
      find(key, `${key} is not a list`);
  }
  const hasTargets = Object.keys(value).some(
    (key) => key === 'static_configs' || key.endsWith('_sd_configs'),
  );
  if (!hasTargets)
    report.find(
      { document, path: [...path, 'job_name'] },
      'the job has no targets: neither static_configs nor a service discovery',
      { severity: 'warning' },
    );
}

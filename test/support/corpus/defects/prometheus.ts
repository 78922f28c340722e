import { type Defect, defectsIn } from '../defect.ts';

const rules = defectsIn('prometheus', 'monitoring/rules.yml');
const scrape = defectsIn('prometheus', 'monitoring/prometheus.yml');
const options = { asWritten: true } as const;

export const prometheusDefects: readonly Defect[] = [
  rules('duration of another language', 'for: 2m', 'for: «prometheus-durations»2min', options),
  scrape('timeout over interval', 'scrape_timeout: 4s', 'scrape_timeout: «prometheus-durations»9s', options),
  rules(
    'label of a metric with a dash',
    '          severity: page\n        annotations:\n          summary: More',
    '          «prometheus-names»page-group: desk\n        annotations:\n          summary: More',
    options,
  ),
  rules(
    'function misspelt',
    'expr: sum by (job) (rate(',
    'expr: sum by (job) («prometheus-promql»rat(',
    options,
  ),
  rules(
    'three equals signs',
    'expr: up{job="$A"} == 0',
    'expr: up{job="$A"} ==«prometheus-promql»= 0',
    options,
  ),
  rules(
    'name of a recording',
    'record: job:requests:rate1m',
    'record: «prometheus-record-naming»requests_rate',
    options,
  ),
  rules('key of a group misspelt', '    interval: 15s', '    «prometheus-rules»intervall: 15s', options),
  rules(
    'variable of a template',
    '{{ $labels.instance }}',
    '{{ «prometheus-templates»$label.instance }}',
    options,
  ),
  scrape(
    'key of a scrape misspelt',
    '    metrics_path: /metrics',
    '    «prometheus-scrape»metric_path: /metrics',
    options,
  ),
  scrape(
    'target with a scheme',
    'targets: ["$A:80"]',
    'targets: [«prometheus-targets»"http://$A:80"]',
    options,
  ),
  scrape('port that nothing has', 'targets: ["$A:80"]', 'targets: [«scraped-port»"$A:9191"]', options),
  scrape(
    'relabelling misspelt',
    '    static_configs:',
    '    relabel_configs:\n      - source_labels: [__address__]\n        action: «prometheus-relabel»kepp\n        regex: $A.*\n    static_configs:',
    options,
  ),
];

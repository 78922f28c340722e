import { checkAnnotations } from '../../cross-file/scraped-annotations.ts';
import { checkMonitors } from '../../cross-file/scraped-monitors.ts';
import { checkTargets } from '../../cross-file/scraped-targets.ts';
import type { Rule } from '../../rule.ts';

export const scrapedPort: Rule = {
  id: 'scraped-port',
  severity: 'error',
  layer: 'cross-file',
  title: 'Ports that Prometheus scrapes are exposed by something',
  why: 'A port that nothing exposes is a target that is always down, or none at all: the gates of a cutover then have no data, and alerts stay silent.',
  fix: 'Write a port that the pod or Service declares: its number in `prometheus.io/port` and in static targets, its name in a ServiceMonitor or PodMonitor.',
  source: 'https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config',
  check(workspace, report) {
    checkAnnotations(workspace, report);
    checkMonitors(workspace, report);
    checkTargets(workspace, report);
  },
};

import { replicasOf } from '../../kubernetes/replicas.ts';
import { servingPods } from '../../kubernetes/traffic.ts';
import { missingIn, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const replicas: Rule = {
  id: 'replicas',
  severity: 'warning',
  layer: 'policy',
  title: 'What takes traffic has at least two replicas',
  why: 'With one replica every drain of its node, every crash and every eviction is an outage as long as a start takes.',
  fix: 'Write `spec.replicas: 2` or more, or `minReplicas: 2` in its HorizontalPodAutoscaler.',
  source: 'https://docs.kubelinter.io/#/generated/checks?id=minimum-three-replicas',
  check(workspace, report) {
    for (const { pod, services } of servingPods(workspace)) {
      const { manifest } = pod;
      const found = replicasOf(workspace, manifest);
      // None at all is a standby colour or something switched off; an autoscaler's bounds are its own rule's.
      if (!found || found.autoscaled || found.count !== 1) continue;
      const service = services[0]?.name ?? '';
      report.find(
        found.path ? spotOf(manifest, found.path) : missingIn(manifest, ['spec']),
        `${named(manifest)} takes the traffic of Service "${service}" with a single replica${found.path ? '' : ' (the default)'}; write 2 or more`,
      );
    }
  },
};

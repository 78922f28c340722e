import { patience, question } from '../../kubernetes/probes.ts';
import { applicationPods, containerName, lasting } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const livenessEqualsReadiness: Rule = {
  id: 'liveness-equals-readiness',
  severity: 'warning',
  layer: 'policy',
  title: 'The liveness probe is not the readiness probe',
  why: 'When both ask the same and give up at the same time, an overloaded or waiting pod is killed instead of getting a pause: its load moves to the others, which fall next.',
  fix: 'Let the liveness probe ask only whether the process itself works, or give it a higher `failureThreshold` than the readiness probe.',
  source: 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
  check(workspace, report) {
    for (const pod of applicationPods(workspace)) {
      for (const container of lasting(pod)) {
        const { livenessProbe, readinessProbe } = container.value;
        const asked = question(livenessProbe);
        if (asked === undefined || asked !== question(readinessProbe)) continue;
        if (patience(livenessProbe) > patience(readinessProbe)) continue;
        report.find(
          {
            document: pod.manifest.document,
            path: [...container.path, 'livenessProbe'],
            part: 'key',
          },
          `${containerName(container)} is killed by the same question that makes it unready, after ${patience(livenessProbe)} s against ${patience(readinessProbe)} s`,
        );
      }
    }
  },
};

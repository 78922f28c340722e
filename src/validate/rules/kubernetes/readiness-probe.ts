import { mappingOf } from '../../document.ts';
import type { Container } from '../../kubernetes/pods.ts';
import { lacking, servingPods } from '../../kubernetes/traffic.ts';
import { containerName, missingIn } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const readinessProbe: Rule = {
  id: 'readiness-probe',
  severity: 'error',
  layer: 'policy',
  title: 'What takes traffic has a readiness probe',
  why: 'Without one a pod gets requests the moment its process exists, before it listens: every start, every scaling and every cutover refuses requests.',
  fix: 'Write a `readinessProbe` that fails until the container can answer, such as `httpGet: { path: /ready, port: http }`.',
  source:
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe',
  check(workspace, report) {
    for (const serving of servingPods(workspace)) {
      const { pod, services } = serving;
      for (const container of lacking(serving, isProbed)) {
        report.find(
          missingIn(pod.manifest, container.path),
          `${containerName(container)} gets traffic from Service "${services[0]?.name ?? ''}" and has no readinessProbe`,
          // Another container's probe holds the whole pod back, so the start is covered in part.
          { severity: pod.containers.some(isProbed) ? 'warning' : 'error' },
        );
      }
    }
  },
};

const isProbed = (container: Container): boolean =>
  mappingOf(container.value['readinessProbe']) !== undefined;

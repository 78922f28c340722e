import { hasPreStop } from '../../kubernetes/lifecycle.ts';
import { lacking, servingPods } from '../../kubernetes/traffic.ts';
import { containerName, missingIn } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const preStop: Rule = {
  id: 'pre-stop',
  severity: 'warning',
  layer: 'policy',
  title: 'What takes traffic waits before it stops',
  why: 'SIGTERM and the removal from the endpoints go out at the same moment; a process that obeys at once refuses the requests that proxies still send it for a second or more.',
  fix: 'Write `lifecycle: { preStop: { sleep: { seconds: 5 } } }` (Kubernetes 1.30 and later), or an exec of `sleep 5`, and a grace period that leaves room for it.',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
  check(workspace, report) {
    for (const serving of servingPods(workspace)) {
      const { pod, services } = serving;
      for (const container of lacking(serving, hasPreStop)) {
        report.find(
          missingIn(pod.manifest, [...container.path, 'lifecycle']),
          `${containerName(container)} gets traffic from Service "${services[0]?.name ?? ''}" and has no preStop hook to let it ebb away`,
        );
      }
    }
  },
};

import { own } from '../../kubernetes/security-context.ts';
import { applicationPods, containerName, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const privileged: Rule = {
  id: 'privileged',
  severity: 'error',
  layer: 'policy',
  title: 'Containers do not run privileged',
  why: 'A privileged container has every capability and sees every device of the node: whoever breaks into it owns the node and all that runs there.',
  fix: 'Remove `securityContext.privileged` and add only the capability that is needed under `capabilities.add`.',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  check(workspace, report) {
    for (const pod of applicationPods(workspace)) {
      for (const container of pod.containers) {
        for (const key of [['privileged'], ['windowsOptions', 'hostProcess']]) {
          const setting = own(container, key);
          if (setting?.value !== true) continue;
          report.find(
            spotOf(pod.manifest, setting.path),
            `${containerName(container)} runs with ${key.join('.')}: true; leave it out, or false`,
          );
        }
      }
    }
  },
};

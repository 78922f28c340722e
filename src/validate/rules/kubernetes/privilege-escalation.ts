import type { Edit } from '../../finding.ts';
import { editOf } from '../../fix/mapping-edits.ts';
import { type ContextSetting, containerEdit } from '../../kubernetes/context-edits.ts';
import type { Container, PodSpec } from '../../kubernetes/pods.ts';
import { addsSysAdmin } from '../../kubernetes/safe-edits.ts';
import { isPrivileged, missingFor, own } from '../../kubernetes/security-context.ts';
import { applicationPods, containerName, isComplete, isWindows, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

const mended: ContextSetting = { keys: ['allowPrivilegeEscalation'], value: 'false' };

/** Looks for places in the file, so it is asked for only where there is something to mend. */
const mend = (pod: PodSpec, container: Container): Edit | undefined =>
  addsSysAdmin(container) ? undefined : containerEdit(pod, container, mended);

export const privilegeEscalation: Rule = {
  id: 'privilege-escalation',
  severity: 'warning',
  layer: 'policy',
  title: 'Processes cannot gain more rights than their parent',
  why: 'Without `allowPrivilegeEscalation: false` a set-uid program in the image turns a break-in into root, whatever user the container starts as.',
  fix: "Write `allowPrivilegeEscalation: false` in the container's `securityContext`; the pod's has no such key.",
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  check(workspace, report) {
    for (const pod of applicationPods(workspace).filter((candidate) => !isWindows(candidate))) {
      for (const container of pod.containers.filter((candidate) => !isPrivileged(candidate))) {
        const setting = own(container, ['allowPrivilegeEscalation']);
        if (setting?.value === true) {
          report.find(
            spotOf(pod.manifest, setting.path),
            `${containerName(container)} allows privilege escalation; write false`,
            editOf(mend(pod, container)),
          );
        } else if (!setting && isComplete(pod)) {
          report.find(
            missingFor(pod, container),
            `${containerName(container)} leaves out allowPrivilegeEscalation, which allows it; write false`,
            editOf(mend(pod, container)),
          );
        }
      }
    }
  },
};

import { missingFor, own } from '../../kubernetes/security-context.ts';
import {
  applicationPods,
  containerName,
  isComplete,
  isWindows,
  lasting,
  spotOf,
} from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const readOnlyRootFs: Rule = {
  id: 'read-only-root-fs',
  severity: 'warning',
  layer: 'policy',
  title: 'The root file system is read-only',
  why: 'On a writable root file system an intruder can replace the program, and a log that fills the disk of the node slows down every pod on it.',
  fix: "Write `readOnlyRootFilesystem: true` in the container's `securityContext` and mount an `emptyDir` where the program has to write, such as /tmp.",
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  check(workspace, report) {
    for (const pod of applicationPods(workspace).filter((candidate) => !isWindows(candidate))) {
      for (const container of lasting(pod)) {
        const setting = own(container, ['readOnlyRootFilesystem']);
        if (setting?.value === false) {
          report.find(
            spotOf(pod.manifest, setting.path),
            `${containerName(container)} has a writable root file system; write true`,
          );
        } else if (!setting && isComplete(pod)) {
          report.find(
            missingFor(pod, container),
            `${containerName(container)} has a writable root file system; write readOnlyRootFilesystem: true`,
          );
        }
      }
    }
  },
};

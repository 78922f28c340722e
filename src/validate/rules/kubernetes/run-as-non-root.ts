import type { Container, PodSpec } from '../../kubernetes/pods.ts';
import { effective, type Setting, tellMissing } from '../../kubernetes/security-context.ts';
import { applicationPods, containerName, isComplete, isWindows, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';

export const runAsNonRoot: Rule = {
  id: 'run-as-non-root',
  severity: 'warning',
  layer: 'policy',
  title: 'Containers run as a user that is not root',
  why: 'Root in a container is root on the node as soon as anything in between has a hole, and it may change every file of the image.',
  fix: "Write `runAsNonRoot: true` and a `runAsUser` above 0 in the pod's `securityContext`; containers inherit them.",
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  check(workspace, report) {
    for (const pod of applicationPods(workspace).filter((candidate) => !isWindows(candidate))) {
      checkPod(pod, report);
    }
  },
};

function checkPod(pod: PodSpec, report: Reporter): void {
  const silent = pod.containers.filter((container) => !checkWritten(pod, container, report));
  if (!isComplete(pod)) return;
  tellMissing({ pod, containers: silent, predicate: 'may run as root; write runAsNonRoot: true' }, report);
}

/** Whether anything is written about the user that decides it, good or bad. */
function checkWritten(pod: PodSpec, container: Container, report: Reporter): boolean {
  const nonRoot = effective(pod, container, ['runAsNonRoot']);
  const user = effective(pod, container, ['runAsUser']);
  const found = problem(nonRoot, user);
  if (found && concerns(pod, container, found.setting)) {
    report.find(
      spotOf(pod.manifest, found.setting.path),
      `${containerName(container)} ${found.message}`,
      found.startless ? { severity: 'error' } : {},
    );
  }
  return nonRoot !== undefined || user !== undefined;
}

/** What the pod says for all its containers is told once, for the first that inherits it. */
function concerns(pod: PodSpec, container: Container, setting: Setting): boolean {
  if (setting.path.length > pod.path.length + 2) return true;
  const key = setting.path.at(-1) ?? '';
  const heir = pod.containers.find(
    (candidate) => effective(pod, candidate, [key])?.path.length === setting.path.length,
  );
  return heir === container;
}

function problem(
  nonRoot: Setting | undefined,
  user: Setting | undefined,
): { setting: Setting; message: string; startless: boolean } | undefined {
  if (user?.value === 0) {
    return nonRoot?.value === true
      ? {
          setting: user,
          message: 'has runAsNonRoot: true and runAsUser: 0, so it cannot start',
          startless: true,
        }
      : { setting: user, message: 'runs as root (runAsUser: 0); write a number above 0', startless: false };
  }
  const isOther = typeof user?.value === 'number' && user.value > 0;
  return nonRoot?.value === false && !isOther
    ? { setting: nonRoot, message: 'may run as root (runAsNonRoot: false); write true', startless: false }
    : undefined;
}

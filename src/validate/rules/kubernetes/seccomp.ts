import { valueAt } from '../../document.ts';
import type { ContextSetting } from '../../kubernetes/context-edits.ts';
import type { Container, PodSpec } from '../../kubernetes/pods.ts';
import { effective, isPrivileged, tellMissing } from '../../kubernetes/security-context.ts';
import { applicationPods, containerName, isComplete, isWindows, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';

const mended: ContextSetting = { keys: ['seccompProfile', 'type'], value: 'RuntimeDefault' };

const typeKey = ['seccompProfile', 'type'];

/** Read until Kubernetes 1.26, ignored since. */
const oldAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';

export const seccomp: Rule = {
  id: 'seccomp',
  severity: 'warning',
  layer: 'policy',
  title: 'A seccomp profile filters system calls',
  why: 'Without a profile every system call of the kernel is open to the container, and with it most holes that lead out of containers.',
  fix: "Write `seccompProfile: { type: RuntimeDefault }` in the pod's `securityContext`; containers inherit it. `Localhost` with a profile of your own is as good.",
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  check(workspace, report) {
    for (const pod of applicationPods(workspace).filter((candidate) => !isWindows(candidate))) {
      checkPod(pod, report);
    }
  },
};

function checkPod(pod: PodSpec, report: Reporter): void {
  const filtered = pod.containers.filter((container) => !isPrivileged(container));
  checkUnconfined(pod, filtered, report);
  if (!isComplete(pod)) return;
  const containers = filtered.filter((container) => !effective(pod, container, typeKey));
  tellMissing({ pod, containers, predicate: wording(pod), mended }, report);
}

function wording(pod: PodSpec): string {
  const annotations = valueAt(pod.manifest.value, [...pod.path.slice(0, -1), 'metadata', 'annotations']);
  return valueAt(annotations, [oldAnnotation]) === undefined
    ? 'has no seccomp profile; write seccompProfile: { type: RuntimeDefault }'
    : `has its seccomp profile in an annotation that Kubernetes ignores since 1.27; write seccompProfile`;
}

/** Told once where it is written, whichever container inherits it. */
function checkUnconfined(pod: PodSpec, containers: readonly Container[], report: Reporter): void {
  const told = new Set<string>();
  for (const container of containers) {
    const setting = effective(pod, container, typeKey);
    if (setting?.value !== 'Unconfined' || told.has(setting.path.join('/'))) continue;
    told.add(setting.path.join('/'));
    report.find(
      spotOf(pod.manifest, setting.path),
      `${containerName(container)} has the seccomp profile Unconfined; write RuntimeDefault or Localhost`,
    );
  }
}

import { listOf } from '../../document.ts';
import type { Edit } from '../../finding.ts';
import { editOf } from '../../fix/mapping-edits.ts';
import { containerEdit } from '../../kubernetes/context-edits.ts';
import type { Container, PodSpec } from '../../kubernetes/pods.ts';
import { runsWithoutRoot } from '../../kubernetes/safe-edits.ts';
import { isPrivileged, missingFor, own, type Setting } from '../../kubernetes/security-context.ts';
import { applicationPods, containerName, isComplete, isWindows, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';

/** What the baseline standard lets a container add, as of Kubernetes 1.36. */
const harmless = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** With one of these a process leaves its container (man 7 capabilities). */
const escapes = new Set([
  'ALL',
  'BPF',
  'DAC_READ_SEARCH',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
]);

export const dropCapabilities: Rule = {
  id: 'drop-capabilities',
  severity: 'warning',
  layer: 'policy',
  title: 'Containers drop all capabilities and add back only what they need',
  why: 'The default set lets a process forge packets (NET_RAW) and override file permissions; a service that only listens on a port needs none of it.',
  fix: "Write `capabilities: { drop: [ALL] }` in the container's `securityContext`, and `add` single ones, such as NET_BIND_SERVICE.",
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  check(workspace, report) {
    for (const pod of applicationPods(workspace).filter((candidate) => !isWindows(candidate))) {
      for (const container of pod.containers.filter((candidate) => !isPrivileged(candidate))) {
        checkDropped(pod, container, report);
        checkAdded(pod, container, report);
      }
    }
  },
};

function checkDropped(pod: PodSpec, container: Container, report: Reporter): void {
  const dropped = own(container, ['capabilities', 'drop']);
  if (capabilities(dropped).includes('ALL')) return;
  if (dropped) {
    report.find(
      spotOf(pod.manifest, dropped.path),
      `${containerName(container)} keeps capabilities; drop ALL and add back what is needed`,
    );
  } else if (isComplete(pod)) {
    const written = own(container, ['capabilities']);
    report.find(
      written
        ? { document: pod.manifest.document, path: written.path, part: 'key' }
        : missingFor(pod, container),
      `${containerName(container)} keeps the default capabilities; write capabilities: { drop: [ALL] }`,
      editOf(dropEdit(pod, container)),
    );
  }
}

/** Only without root: a program that is root may need what it would lose. */
const dropEdit = (pod: PodSpec, container: Container): Edit | undefined =>
  runsWithoutRoot(pod, container)
    ? containerEdit(pod, container, { keys: ['capabilities', 'drop'], value: ['ALL'] })
    : undefined;

function checkAdded(pod: PodSpec, container: Container, report: Reporter): void {
  const added = own(container, ['capabilities', 'add']);
  if (!added) return;
  for (const [index, capability] of capabilities(added).entries()) {
    if (harmless.has(capability) || capability === '') continue;
    const isEscape = escapes.has(capability);
    report.find(
      spotOf(pod.manifest, [...added.path, index]),
      isEscape
        ? `${containerName(container)} adds ${capability}, with which it can leave the container`
        : `${containerName(container)} adds ${capability}, which the baseline standard does not allow`,
      { severity: isEscape ? 'error' : 'warning' },
    );
  }
}

const capabilities = (setting: Setting | undefined): readonly string[] =>
  listOf(setting?.value).map((item) =>
    typeof item === 'string' ? item.toUpperCase().replace(/^CAP_/, '') : '',
  );

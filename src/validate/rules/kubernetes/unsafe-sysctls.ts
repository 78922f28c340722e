import { listOf, mappingOf, textOf, valueAt } from '../../document.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { applicationPods, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';

/** The kubelet's safe list, with the minor version of Kubernetes 1 that each joined it. */
const safe: ReadonlyMap<string, number> = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 18],
  ['net.ipv4.ip_unprivileged_port_start', 22],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
]);

/** What Linux keeps per pod; all else belongs to the node. */
const perPod = /^(?:kernel\.(?:shm|msg|sem)|fs\.mqueue\.|net\.)/;

export const unsafeSysctls: Rule = {
  id: 'unsafe-sysctls',
  severity: 'warning',
  layer: 'policy',
  title: 'Pods set only safe kernel parameters',
  why: 'A kubelet refuses every sysctl off its safe list unless an administrator allowed it on that node, so the pods of a release fail with SysctlForbidden where they happen to be scheduled.',
  fix: "Remove the entry from the pod's `securityContext.sysctls`, or allow it with the kubelet's `allowedUnsafeSysctls` on every node it can run on and ignore the finding with that reason.",
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/',
  check(workspace, report) {
    const minor = Number(workspace.kubernetesVersion.split('.')[1] ?? Number.POSITIVE_INFINITY);
    for (const pod of applicationPods(workspace)) checkPod(pod, minor, report);
  },
};

function checkPod(pod: PodSpec, minor: number, report: Reporter): void {
  for (const [index, item] of listOf(valueAt(pod.spec, ['securityContext', 'sysctls'])).entries()) {
    const written = textOf(mappingOf(item)?.['name']);
    if (written === undefined) continue;
    const found = problem(dotted(written), minor, pod.spec);
    if (!found) continue;
    const path = [...pod.path, 'securityContext', 'sysctls', index, 'name'];
    report.find(spotOf(pod.manifest, path), `${written} ${found.message}`, { severity: found.severity });
  }
}

/** `net/ipv4/tcp_syncookies` is another way to write it. */
const dotted = (name: string): string => (/^[^.]*\//.test(name) ? name.replaceAll('/', '.') : name);

function problem(name: string, minor: number, spec: PodSpec['spec']) {
  if (!perPod.test(name)) {
    return {
      severity: 'error',
      message: 'belongs to the node, not to a pod: no kubelet accepts it',
    } as const;
  }
  if (spec['hostNetwork'] === true && name.startsWith('net.')) {
    return { severity: 'error', message: 'cannot be set by a pod with hostNetwork: true' } as const;
  }
  const since = safe.get(name);
  if (since !== undefined && since <= minor) return undefined;
  const when = since === undefined ? '' : ` before Kubernetes 1.${since}`;
  return {
    severity: 'warning',
    message: `is not on the kubelet's safe list${when}: pods fail where the node does not allow it`,
  } as const;
}

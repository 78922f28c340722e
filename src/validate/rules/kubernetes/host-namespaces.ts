import { applicationPods, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

const namespaces = {
  hostPID: { shared: 'sees and can signal every process of the node', severity: 'error' },
  hostIPC: { shared: "shares the node's shared memory and semaphores", severity: 'error' },
  hostNetwork: {
    shared:
      "uses the node's network: its ports clash with the other colour's, and NetworkPolicies do not hold",
    severity: 'warning',
  },
} as const;

export const hostNamespaces: Rule = {
  id: 'host-namespaces',
  severity: 'error',
  layer: 'policy',
  title: "Pods do not share the node's namespaces",
  why: "A pod in the node's process, IPC or network namespace reads what other tenants do, and two colours cannot listen on the same port of one node.",
  fix: 'Remove `hostPID`, `hostIPC` and `hostNetwork` from the pod. Where the network path must be that short, ignore the finding with a reason.',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  check(workspace, report) {
    for (const pod of applicationPods(workspace)) {
      for (const [key, { shared, severity }] of Object.entries(namespaces)) {
        if (pod.spec[key] !== true) continue;
        report.find(
          spotOf(pod.manifest, [...pod.path, key]),
          `${named(pod.manifest)} ${shared} (${key}: true)`,
          {
            severity,
          },
        );
      }
    }
  },
};

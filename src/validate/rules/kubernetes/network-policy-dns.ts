import {
  allowsDns,
  type EgressPolicy,
  egressPolicyOf,
  needsNoNames,
} from '../../kubernetes/network-policies.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { matches, sameNamespace, selectsAll } from '../../kubernetes/selectors.ts';
import { completePods, isSystem, missingIn, named } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const networkPolicyDns: Rule = {
  id: 'network-policy-dns',
  severity: 'error',
  layer: 'policy',
  title: 'Network policies leave DNS open',
  why: 'A policy that limits egress and forgets port 53 makes every name lookup time out: the pods start, and then find neither their database nor each other.',
  fix: 'Allow UDP and TCP port 53 to the pods labelled `k8s-app: kube-dns` in the namespace `kube-system`, in this policy or in one that selects the same pods.',
  source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  check(workspace, report) {
    const policies = workspace.manifests
      .filter((manifest) => !isSystem(manifest))
      .flatMap((manifest) => egressPolicyOf(manifest) ?? []);
    const open = policies.filter(allowsDns);
    if (policies.length === open.length) return;
    const pods = completePods(workspace);
    for (const policy of policies) {
      if (allowsDns(policy) || isDeliberate(policy)) continue;
      const others = open.filter(({ manifest }) => sameNamespace(manifest, policy.manifest));
      if (isCovered(policy, others, pods)) continue;
      const { manifest, rules } = policy;
      report.find(
        missingIn(manifest, ['spec', rules.length > 0 ? 'egress' : 'policyTypes']),
        `${named(manifest)} cuts its pods off from DNS; allow UDP port 53 to kube-dns in kube-system`,
      );
    }
  },
};

/** Particular pods that may not connect to anything, or only to single addresses, are meant to look up nothing. */
const isDeliberate = (policy: EgressPolicy): boolean =>
  needsNoNames(policy) || (policy.rules.length === 0 && !selectsAll(policy.selector));

/** Policies add up: whether others open DNS for all pods that this one holds for. */
function isCovered(policy: EgressPolicy, others: readonly EgressPolicy[], pods: readonly PodSpec[]): boolean {
  if (others.length === 0) return false;
  // A default denial is the frame; what the policies within it allow is theirs to answer for.
  if (policy.rules.length === 0) return true;
  const same = JSON.stringify(policy.selector);
  if (others.some(({ selector }) => selectsAll(selector) || JSON.stringify(selector) === same)) return true;
  const held = pods.filter(
    (pod) => sameNamespace(pod.manifest, policy.manifest) && matches(policy.selector, pod.labels),
  );
  return held.length > 0 && held.every((pod) => others.some(({ selector }) => matches(selector, pod.labels)));
}

import { listOf, mappingOf, valueAt } from '../document.ts';
import type { Manifest } from '../workspace.ts';
import { labelSelector, matches, type Selector } from './selectors.ts';

/** A NetworkPolicy that limits what pods may connect to. */
export interface EgressPolicy {
  readonly manifest: Manifest;
  /** Pods that it holds for. */
  readonly selector: Selector;
  readonly rules: readonly unknown[];
}

/** Undefined where the policy says nothing about egress. */
export function egressPolicyOf(manifest: Manifest): EgressPolicy | undefined {
  if (manifest.kind !== 'NetworkPolicy' || !manifest.apiVersion.startsWith('networking.k8s.io/'))
    return undefined;
  const spec = mappingOf(manifest.value['spec']);
  if (!spec) return undefined;
  const rules = listOf(spec['egress']);
  // Without policyTypes egress is limited only if there are rules for it.
  const types = spec['policyTypes'];
  const limits = Array.isArray(types) ? types.includes('Egress') : rules.length > 0;
  const selector = labelSelector(spec['podSelector'] ?? {});
  return limits && selector ? { manifest, selector, rules } : undefined;
}

/** DNS itself, and the port that OpenShift's resolver listens on. */
const dnsPorts = [53, 5353];

/** The cluster's resolver as it is labelled by kubeadm, k3s and the cloud providers. */
const resolver = {
  namespace: { 'kubernetes.io/metadata.name': 'kube-system', name: 'kube-system' },
  pod: { 'k8s-app': 'kube-dns' },
};

/** Whether the policy lets its pods ask a resolver: a rule with UDP port 53 towards something that can be one. */
export const allowsDns = (policy: EgressPolicy): boolean =>
  policy.rules.some((rule) => allowsDnsPort(rule) && reachesResolver(rule, policy.manifest));

function allowsDnsPort(rule: unknown): boolean {
  const ports = valueAt(rule, ['ports']);
  if (!Array.isArray(ports) || ports.length === 0) return true;
  return ports.some((item) => {
    const port = mappingOf(item);
    if (!port || (port['protocol'] ?? 'TCP') !== 'UDP') return false;
    const first = port['port'];
    const last = port['endPort'] ?? first;
    if (first === undefined) return true;
    if (typeof first === 'string') return /^(?:dns|domain)/.test(first);
    return dnsPorts.some((dns) => typeof first === 'number' && first <= dns && dns <= Number(last));
  });
}

function reachesResolver(rule: unknown, manifest: Manifest): boolean {
  const peers = valueAt(rule, ['to']);
  if (!Array.isArray(peers) || peers.length === 0) return true;
  return peers.some((item) => {
    const peer = mappingOf(item);
    // Addresses can be those of a resolver outside, or of the one on the node.
    if (!peer || peer['ipBlock'] !== undefined)
      return peer !== undefined && !isSingleOther(rule, peer['ipBlock']);
    return namespaceFits(peer['namespaceSelector'], manifest) && podFits(peer['podSelector']);
  });
}

/** A single address without a port named is somebody in particular, not a resolver. */
function isSingleOther(rule: unknown, block: unknown): boolean {
  const ports = valueAt(rule, ['ports']);
  return !(Array.isArray(ports) && ports.length > 0) && isSingleAddress(block);
}

const isSingleAddress = (block: unknown): boolean =>
  /\/(?:32|128)$/.test(String(valueAt(block, ['cidr']) ?? ''));

function namespaceFits(written: unknown, manifest: Manifest): boolean {
  const selector = labelSelector(written);
  if (!selector) return manifest.namespace === 'kube-system';
  return fits(selector, resolver.namespace);
}

const podFits = (written: unknown): boolean => {
  const selector = labelSelector(written);
  return !selector || fits(selector, resolver.pod);
};

/** Labels that are not known of the resolver may be there; those that are known must agree. */
function fits(selector: Selector, known: Readonly<Record<string, string>>): boolean {
  return selector.requirements.every(
    (requirement) =>
      !Object.hasOwn(known, requirement.key) || matches({ requirements: [requirement] }, known),
  );
}

/** Whether all that the policy allows are single addresses, which need no names. */
export const needsNoNames = (policy: EgressPolicy): boolean =>
  policy.rules.length > 0 &&
  policy.rules.every((rule) => {
    const peers = listOf(valueAt(rule, ['to']));
    return peers.length > 0 && peers.every((peer) => isSingleAddress(valueAt(peer, ['ipBlock'])));
  });

import { mappingOf, valueAt } from '../document.ts';
import { type PodSpec, podSpecOf, podSpecs } from '../kubernetes/pods.ts';
import { groupOf, isComplete } from '../kubernetes/workloads.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { LabelIndex } from './labels.ts';
import { canMeet } from './scope.ts';

const cache = new WeakMap<Workspace, readonly PodSpec[]>();

/** Pods of all kinds, also of custom ones that hold a pod template as a Deployment does (Argo's Rollout). */
export function allPods(workspace: Workspace): readonly PodSpec[] {
  const known = cache.get(workspace);
  if (known) return known;
  const custom = workspace.manifests.filter(isCustom).flatMap((manifest) => templateOf(manifest) ?? []);
  const found = [...podSpecs(workspace), ...custom];
  cache.set(workspace, found);
  return found;
}

function templateOf(manifest: Manifest): PodSpec | undefined {
  if (!mappingOf(valueAt(manifest.value, ['spec', 'template', 'spec']))) return undefined;
  const pod = podSpecOf({ ...manifest, kind: 'Deployment' });
  return pod && pod.containers.length > 0 ? { ...pod, manifest } : undefined;
}

const isCustom = (manifest: Manifest): boolean => {
  const group = groupOf(manifest);
  return group.includes('.') && !group.endsWith('.k8s.io');
};

/** Groups of operators whose objects make no pods that a Service of one's own would select. */
const podless = new Set([
  'argoproj.io',
  'bitnami.com',
  'cert-manager.io',
  'cilium.io',
  'external-secrets.io',
  'gateway.envoyproxy.io',
  'keda.sh',
  'kustomize.toolkit.fluxcd.io',
  'kyverno.io',
  'monitoring.coreos.com',
  'networking.istio.io',
  'security.istio.io',
  'source.toolkit.fluxcd.io',
  'traefik.io',
  'trust.cert-manager.io',
]);

const makers = new WeakMap<Workspace, readonly Manifest[]>();

/** An object beside this one that may make pods which no manifest shows. */
export function hiddenPodsBeside(workspace: Workspace, from: Manifest): Manifest | undefined {
  const known = makers.get(workspace) ?? workspace.manifests.filter(mayMakePods);
  makers.set(workspace, known);
  return known.find((manifest) => canMeet(manifest, from));
}

const mayMakePods = (manifest: Manifest): boolean =>
  makesPods(manifest) && templateOf(manifest) === undefined;

/** Custom objects of operators that make pods, whether they show them in a template or not. */
export const makesPods = (manifest: Manifest): boolean =>
  isCustom(manifest) && (!podless.has(groupOf(manifest)) || templateOf(manifest) !== undefined);

const indexes = new WeakMap<Workspace, LabelIndex<PodSpec>>();

/** The workspace's pods that are described in full. */
export function podIndex(workspace: Workspace): LabelIndex<PodSpec> {
  const known = indexes.get(workspace);
  if (known) return known;
  const found = new LabelIndex(allPods(workspace).filter(isComplete));
  indexes.set(workspace, found);
  return found;
}

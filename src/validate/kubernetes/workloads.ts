import { listOf, mappingOf, type Path, textOf, valueAt } from '../document.ts';
import type { Spot } from '../rule.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { type Container, type PodSpec, podSpecs } from './pods.ts';

/** Namespaces of the cluster itself, which need what applications must not have. */
const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Kinds whose pods are meant to run for ever and can stand behind a Service. */
const servingKinds = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Pod',
]);

const ownSystem = new WeakMap<Workspace, readonly PodSpec[]>();

/** Pods of applications: all but those of the cluster's own namespaces. */
export function applicationPods(workspace: Workspace): readonly PodSpec[] {
  const known = ownSystem.get(workspace);
  if (known) return known;
  const found = podSpecs(workspace).filter(({ manifest }) => !isSystem(manifest));
  ownSystem.set(workspace, found);
  return found;
}

/** Whether a manifest belongs to the cluster itself, by its namespace. */
export const isSystem = (manifest: Manifest): boolean => systemNamespaces.has(manifest.namespace ?? '');

/**
 * Pods that are described in full. A patch or an overlay's fragment names its containers without their images; what it
 * leaves out says nothing, so rules about missing keys do not look at it.
 */
export function completePods(workspace: Workspace): readonly PodSpec[] {
  return applicationPods(workspace).filter(isComplete);
}

export function isComplete(pod: PodSpec): boolean {
  const main = pod.containers.filter(({ role }) => role === 'main');
  return main.length > 0 && main.every(({ value }) => textOf(value['image']) !== undefined);
}

/** Windows pods have no capabilities, no seccomp, no read-only root file system and no numeric users. */
export function isWindows(pod: PodSpec): boolean {
  const system = valueAt(pod.spec, ['os', 'name']) ?? valueAt(pod.spec, ['nodeSelector', 'kubernetes.io/os']);
  return system === 'windows';
}

/** Whether the pods run until they are stopped: no Jobs, no pods that end by themselves. */
export function runsForEver(pod: PodSpec): boolean {
  const restart = pod.spec['restartPolicy'];
  return servingKinds.has(pod.manifest.kind) && (restart === undefined || restart === 'Always');
}

/** An init container that stays: `restartPolicy: Always`, Kubernetes 1.28 and later. */
export const isSidecar = (container: Container): boolean =>
  container.role === 'init' && container.value['restartPolicy'] === 'Always';

/** Main containers and sidecars. */
export const lasting = (pod: PodSpec): readonly Container[] =>
  pod.containers.filter((container) => container.role === 'main' || isSidecar(container));

/** `Deployment "gateway"` */
export const named = (manifest: Manifest): string =>
  manifest.name === '' ? manifest.kind : `${manifest.kind} "${manifest.name}"`;

/** `container "gateway"` */
export const containerName = (container: Container): string => `container "${container.name}"`;

/** The API group of a manifest: `apps` of `apps/v1`, empty for the core group. */
export function groupOf(manifest: Manifest): string {
  const slash = manifest.apiVersion.indexOf('/');
  return slash === -1 ? '' : manifest.apiVersion.slice(0, slash);
}

/**
 * Where to point when a key is missing: at the nearest mapping on the way that exists and has a key of its own, else at
 * the value that holds it (the start of a container in its list).
 */
export function missingIn(manifest: Manifest, parent: Path): Spot {
  for (let length = parent.length; length > 0; length -= 1) {
    const path = parent.slice(0, length);
    if (valueAt(manifest.value, path) === undefined) continue;
    const isItem = typeof path.at(-1) === 'number';
    return { document: manifest.document, path, part: isItem ? 'value' : 'key' };
  }
  return { document: manifest.document, path: ['kind'], part: 'key' };
}

export const spotOf = (manifest: Manifest, path: Path): Spot => ({ document: manifest.document, path });

/** Volumes of the pod with their paths. */
export function volumesOf(pod: PodSpec): readonly { value: Readonly<Record<string, unknown>>; path: Path }[] {
  return listOf(pod.spec['volumes']).flatMap((item, index) => {
    const value = mappingOf(item);
    return value ? [{ value, path: [...pod.path, 'volumes', index] }] : [];
  });
}

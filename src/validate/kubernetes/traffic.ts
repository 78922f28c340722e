import { listOf, mappingOf, textOf } from '../document.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import type { Container, PodSpec } from './pods.ts';
import { portNamed } from './ports.ts';
import { equalitySelector, type Selecting, SelectorIndex } from './selectors.ts';
import { completePods, lasting, runsForEver } from './workloads.ts';

/** Pods that run for ever, with the Services that send them traffic. */
export interface ServingPod {
  readonly pod: PodSpec;
  /** At least one. */
  readonly services: readonly Manifest[];
}

const cache = new WeakMap<Workspace, ReadonlyMap<Manifest, ServingPod>>();

/** What takes traffic: pods that a Service of the workspace selects in their namespace. */
export function servingPods(workspace: Workspace): readonly ServingPod[] {
  return [...servingIndex(workspace).values()];
}

/** Whether a workload takes traffic. */
export const takesTraffic = (workspace: Workspace, manifest: Manifest): boolean =>
  servingIndex(workspace).has(manifest);

function servingIndex(workspace: Workspace): ReadonlyMap<Manifest, ServingPod> {
  const known = cache.get(workspace);
  if (known) return known;
  const services = new SelectorIndex(workspace.manifests.flatMap(selecting));
  const found = new Map<Manifest, ServingPod>();
  for (const pod of completePods(workspace).filter(runsForEver)) {
    const of = services.selecting(pod.labels, pod.manifest).map(({ manifest }) => manifest);
    if (of.length > 0) found.set(pod.manifest, { pod, services: of });
  }
  cache.set(workspace, found);
  return found;
}

/**
 * A Service that brings traffic. One without ports, and one that lists pods before they are ready, only lets the pods
 * of a StatefulSet find each other.
 */
function selecting(manifest: Manifest): Selecting[] {
  if (manifest.kind !== 'Service') return [];
  const spec = mappingOf(manifest.value['spec']);
  const selector = equalitySelector(spec?.['selector']);
  if (!spec || !selector || spec['type'] === 'ExternalName') return [];
  if (spec['publishNotReadyAddresses'] === true || listOf(spec['ports']).length === 0) return [];
  return [{ manifest, selector }];
}

/** The containers behind a Service. */
export interface Behind {
  readonly containers: readonly Container[];
  /** False where no container declares the port, so that it could be any of them. */
  readonly isCertain: boolean;
}

/** The containers that the Services' ports lead to; all main ones where none declares such a port. */
export function servingContainers({ pod, services }: ServingPod): Behind {
  const main = pod.containers.filter(({ role }) => role === 'main');
  const ports = services.flatMap(({ value }) => listOf(mappingOf(value['spec'])?.['ports'])).map(targetPort);
  const declaring = lasting(pod).filter((container) =>
    ports.some((port) => portNamed(container, port) !== undefined),
  );
  if (declaring.length > 0) return { containers: declaring, isCertain: true };
  return { containers: main, isCertain: main.length === 1 };
}

/** Those of the containers behind a Service that lack something; none where one has it and it may be the one. */
export function lacking(serving: ServingPod, has: (container: Container) => boolean): readonly Container[] {
  const { containers, isCertain } = servingContainers(serving);
  if (!isCertain && containers.some(has)) return [];
  return containers.filter((container) => !has(container));
}

/** The targetPort, which is the port where it is left out. */
function targetPort(item: unknown): string | number | undefined {
  const port = mappingOf(item);
  const target = port?.['targetPort'] ?? port?.['port'];
  return typeof target === 'number' ? target : textOf(target);
}

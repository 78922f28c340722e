import { type Path, valueAt } from '../document.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import type { PodSpec } from './pods.ts';
import { labelSelector, type Selecting, SelectorIndex } from './selectors.ts';
import { completePods, runsForEver } from './workloads.ts';

/** A PodDisruptionBudget with the workloads whose pods it selects. */
export interface Budget {
  readonly manifest: Manifest;
  readonly pods: readonly PodSpec[];
}

interface Budgets {
  readonly all: readonly Budget[];
  readonly byWorkload: ReadonlyMap<Manifest, readonly Manifest[]>;
}

export const selectorPath: Path = ['spec', 'selector'];

const cache = new WeakMap<Workspace, Budgets>();

/** PodDisruptionBudgets of the workspace, joined once with the pods that they select. */
export function budgets(workspace: Workspace): Budgets {
  const known = cache.get(workspace);
  if (known) return known;
  const manifests = workspace.manifests.filter(({ kind }) => kind === 'PodDisruptionBudget');
  const index = new SelectorIndex(manifests.flatMap(selecting));
  const pods = new Map<Manifest, PodSpec[]>(manifests.map((manifest) => [manifest, []]));
  const byWorkload = new Map<Manifest, readonly Manifest[]>();
  for (const pod of completePods(workspace).filter(runsForEver)) {
    const of = index.selecting(pod.labels, pod.manifest).map(({ manifest }) => manifest);
    byWorkload.set(pod.manifest, of);
    for (const manifest of of) pods.get(manifest)?.push(pod);
  }
  const found = {
    all: manifests.map((manifest) => ({ manifest, pods: pods.get(manifest) ?? [] })),
    byWorkload,
  };
  cache.set(workspace, found);
  return found;
}

function selecting(manifest: Manifest): Selecting[] {
  const selector = labelSelector(valueAt(manifest.value, selectorPath));
  return selector ? [{ manifest, selector }] : [];
}

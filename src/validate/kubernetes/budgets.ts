import { type Path, valueAt } from '../document.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import type { PodSpec } from './pods.ts';
import { labelSelector, type Selecting, SelectorIndex } from './selectors.ts';
import { applicationPods, isComplete, runsForEver } from './workloads.ts';

/** A PodDisruptionBudget with the workloads whose pods it selects. */
export interface Budget {
  readonly manifest: Manifest;
  readonly pods: readonly PodSpec[];
  /** A pod that it selects but that is not written in full (no image), so that nothing is said about it. */
  readonly incomplete: PodSpec | undefined;
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
  const incomplete = new Map<Manifest, PodSpec>();
  for (const pod of applicationPods(workspace).filter(runsForEver)) {
    const of = index.selecting(pod.labels, pod.manifest).map(({ manifest }) => manifest);
    if (!isComplete(pod)) {
      for (const manifest of of) incomplete.set(manifest, pod);
      continue;
    }
    byWorkload.set(pod.manifest, of);
    for (const manifest of of) pods.get(manifest)?.push(pod);
  }
  const found = {
    all: manifests.map((manifest) => ({
      manifest,
      pods: pods.get(manifest) ?? [],
      incomplete: incomplete.get(manifest),
    })),
    byWorkload,
  };
  cache.set(workspace, found);
  return found;
}

function selecting(manifest: Manifest): Selecting[] {
  const selector = labelSelector(valueAt(manifest.value, selectorPath));
  return selector ? [{ manifest, selector }] : [];
}

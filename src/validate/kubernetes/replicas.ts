import { listOf, mappingOf, type Path, valueAt } from '../document.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { autoscalersOf } from './autoscalers.ts';
import { unbuiltKustomizations } from './kustomizations.ts';

/** How many pods a workload has at the least, and where that is written. */
export interface Replicas {
  /** Of its autoscalers the smallest, else as written, else 1, the API server's default. */
  readonly count: number;
  readonly autoscaled: boolean;
  /** Of `replicas`; undefined where it is left out. */
  readonly path: Path | undefined;
}

/** Kinds that have `spec.replicas`. */
const replicatedKinds = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']);

/** Undefined for kinds without replicas, and where the number is not one. */
export function replicasOf(workspace: Workspace, manifest: Manifest): Replicas | undefined {
  if (!replicatedKinds.has(manifest.kind)) return undefined;
  const written = valueAt(manifest.value, ['spec', 'replicas']);
  const path = written === undefined ? undefined : ['spec', 'replicas'];
  const scalers = autoscalersOf(workspace, manifest);
  if (scalers.length > 0) {
    return { count: Math.min(...scalers.map(({ min }) => min ?? 1)), autoscaled: true, path };
  }
  const count = kustomized(workspace).get(manifest.name) ?? written ?? 1;
  return typeof count === 'number' && Number.isInteger(count)
    ? { count, autoscaled: false, path }
    : undefined;
}

const cache = new WeakMap<Workspace, ReadonlyMap<string, number>>();

/** Replicas that a Kustomization sets by name, where that is not built; of several the smallest. */
function kustomized(workspace: Workspace): ReadonlyMap<string, number> {
  const known = cache.get(workspace);
  if (known) return known;
  const found = new Map<string, number>();
  for (const { value } of unbuiltKustomizations(workspace)) {
    for (const item of listOf(valueAt(value, ['replicas']))) {
      const { name, count } = mappingOf(item) ?? {};
      if (typeof name !== 'string' || typeof count !== 'number') continue;
      found.set(name, Math.min(found.get(name) ?? Number.POSITIVE_INFINITY, count));
    }
  }
  cache.set(workspace, found);
  return found;
}

/** A whole number or a percentage of a total; undefined where it is neither. */
export function amountOf(
  value: unknown,
  total: number,
  round: (amount: number) => number,
): number | undefined {
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' ? /^(\d{1,3})%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? undefined : round((Number(percent) * total) / 100);
}

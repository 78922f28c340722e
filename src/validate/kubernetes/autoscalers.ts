import { mappingOf, textOf, valueAt } from '../document.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { sameNamespace } from './selectors.ts';
import { completePods } from './workloads.ts';

/** Something that sets the number of replicas of something else. */
export interface Autoscaler {
  readonly manifest: Manifest;
  readonly target: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  /** Undefined where it is not a whole number; 1 where a HorizontalPodAutoscaler leaves it out. */
  readonly min: number | undefined;
  readonly max: number | undefined;
}

const cache = new WeakMap<Workspace, ReadonlyMap<string, readonly Autoscaler[]>>();

/** Kinds that scale by `spec.scaleTargetRef`: Kubernetes' own, and KEDA's, whose default kind is Deployment. */
const bounds: Readonly<Record<string, { min: string; max: string; absent: number }>> = {
  HorizontalPodAutoscaler: { min: 'minReplicas', max: 'maxReplicas', absent: 1 },
  ScaledObject: { min: 'minReplicaCount', max: 'maxReplicaCount', absent: 0 },
};

/** HorizontalPodAutoscalers (and KEDA's ScaledObjects) of the workspace. */
export const autoscalers = (workspace: Workspace): readonly Autoscaler[] =>
  [...index(workspace).values()].flat();

/**
 * What scales this workload. Where folders of several environments hold workloads of one name and state no namespace, an
 * autoscaler belongs to the nearest one.
 */
export function autoscalersOf(workspace: Workspace, workload: Manifest): readonly Autoscaler[] {
  const key = `${workload.kind}/${workload.name}`;
  const found = (index(workspace).get(key) ?? []).filter(({ manifest }) => sameNamespace(manifest, workload));
  if (found.length === 0) return found;
  const rivals = completeByName(workspace).get(key) ?? [];
  return found.filter(({ manifest }) =>
    rivals.every(
      (rival) => !sameNamespace(rival, manifest) || nearness(rival, manifest) <= nearness(workload, manifest),
    ),
  );
}

/** How many folders two manifests have in common. */
function nearness(a: Manifest, b: Manifest): number {
  const [one, other] = [a, b].map(({ document }) => document.file.path.split('/').slice(0, -1));
  const differs = one?.findIndex((folder, depth) => folder !== other?.[depth]) ?? 0;
  return differs === -1 ? (one?.length ?? 0) : differs;
}

const namesCache = new WeakMap<Workspace, ReadonlyMap<string, readonly Manifest[]>>();

/** Workloads by kind and name; patches are none. */
function completeByName(workspace: Workspace): ReadonlyMap<string, readonly Manifest[]> {
  const known = namesCache.get(workspace);
  if (known) return known;
  const found = new Map<string, Manifest[]>();
  for (const { manifest } of completePods(workspace)) {
    const key = `${manifest.kind}/${manifest.name}`;
    const filed = found.get(key);
    if (filed) filed.push(manifest);
    else found.set(key, [manifest]);
  }
  namesCache.set(workspace, found);
  return found;
}

function index(workspace: Workspace): ReadonlyMap<string, readonly Autoscaler[]> {
  const known = cache.get(workspace);
  if (known) return known;
  const found = new Map<string, Autoscaler[]>();
  for (const scaler of workspace.manifests.flatMap((manifest) => autoscalerOf(manifest) ?? [])) {
    const key = `${scaler.target.kind}/${scaler.target.name}`;
    found.set(key, [...(found.get(key) ?? []), scaler]);
  }
  cache.set(workspace, found);
  return found;
}

function autoscalerOf(manifest: Manifest): Autoscaler | undefined {
  const keys = Object.hasOwn(bounds, manifest.kind) ? bounds[manifest.kind] : undefined;
  const spec = mappingOf(manifest.value['spec']);
  const name = textOf(valueAt(spec, ['scaleTargetRef', 'name']));
  if (!keys || !spec || !name) return undefined;
  const kind = textOf(valueAt(spec, ['scaleTargetRef', 'kind'])) ?? 'Deployment';
  const apiVersion = textOf(valueAt(spec, ['scaleTargetRef', 'apiVersion'])) ?? '';
  return {
    manifest,
    target: { apiVersion, kind, name },
    min: spec[keys.min] === undefined ? keys.absent : whole(spec[keys.min]),
    max: whole(spec[keys.max]),
  };
}

const whole = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined;

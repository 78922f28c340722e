import { listOf, mappingOf, type Path, textOf, valueAt } from '../document.ts';
import type { Manifest, Workspace } from '../workspace.ts';

export interface Container {
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: Path;
  /** init: runs to its end before the others; sidecars are init containers with `restartPolicy: Always`. */
  readonly role: 'main' | 'init' | 'ephemeral';
  readonly name: string;
}

/** The pods that a manifest makes: a Pod itself, or the template of a workload. */
export interface PodSpec {
  readonly manifest: Manifest;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly path: Path;
  /** Labels of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
}

/** Where the pod spec and the pod's metadata stand, by kind. */
const templates: Readonly<Record<string, Path>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  PodTemplate: ['template'],
};

const lists = { containers: 'main', initContainers: 'init', ephemeralContainers: 'ephemeral' } as const;

const cache = new WeakMap<Workspace, readonly PodSpec[]>();

/** Every pod spec of the workspace's core manifests; what is malformed is left to the schema layer. */
export function podSpecs(workspace: Workspace): readonly PodSpec[] {
  const known = cache.get(workspace);
  if (known) return known;
  const found = workspace.manifests.flatMap((manifest) => podSpecOf(manifest) ?? []);
  cache.set(workspace, found);
  return found;
}

export function podSpecOf(manifest: Manifest): PodSpec | undefined {
  const template = Object.hasOwn(templates, manifest.kind) ? templates[manifest.kind] : undefined;
  if (!template) return undefined;
  const path = [...template, 'spec'];
  const spec = mappingOf(valueAt(manifest.value, path));
  if (!spec) return undefined;
  const labels = mappingOf(valueAt(manifest.value, [...template, 'metadata', 'labels'])) ?? {};
  return {
    manifest,
    spec,
    path,
    labels: labels as Record<string, string>,
    containers: containersIn(spec, path),
  };
}

function containersIn(spec: Readonly<Record<string, unknown>>, path: Path): readonly Container[] {
  return Object.entries(lists).flatMap(([key, role]) =>
    listOf(spec[key]).flatMap((item, index) => {
      const value = mappingOf(item);
      return value
        ? [{ value, path: [...path, key, index], role, name: textOf(value['name']) ?? `${index}` }]
        : [];
    }),
  );
}

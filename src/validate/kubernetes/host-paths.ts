import { listOf, mappingOf, type Path, textOf, valueAt } from '../document.ts';
import type { PodSpec } from './pods.ts';
import { volumesOf } from './workloads.ts';

/** A folder or file of the node that a pod mounts. */
export interface HostPath {
  /** Without `..`, doubled or closing slashes. */
  readonly folder: string;
  /** Of the written path. */
  readonly path: Path;
  /** Whether every container that mounts it does so read-only. */
  readonly readOnly: boolean;
}

export function hostPathsOf(pod: PodSpec): readonly HostPath[] {
  return volumesOf(pod).flatMap(({ value, path }) => {
    const written = textOf(valueAt(value, ['hostPath', 'path']));
    if (written === undefined) return [];
    return [
      {
        folder: normalised(written),
        path: [...path, 'hostPath', 'path'],
        readOnly: isReadOnly(pod, textOf(value['name'])),
      },
    ];
  });
}

function isReadOnly(pod: PodSpec, volume: string | undefined): boolean {
  const mounts = pod.containers
    .flatMap((container) => listOf(container.value['volumeMounts']))
    .map(mappingOf)
    .filter((mount) => mount?.['name'] === volume);
  return mounts.length > 0 && mounts.every((mount) => mount?.['readOnly'] === true);
}

function normalised(written: string): string {
  const parts: string[] = [];
  for (const part of written.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

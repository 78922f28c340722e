import type { Workspace } from '../../workspace.ts';
import { schemaVersion } from './types.generated.ts';

/** The newest version of Kubernetes whose fields are known: `1.36`. */
export const newestKubernetes: string = schemaVersion;

/** Minor version of `1.36`, `v1.36.2`; undefined where it is not a version of Kubernetes 1. */
export function minorOf(version: string): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?:[.+-].*)?$/.exec(version.trim())?.[1];
  return minor === undefined ? undefined : Number(minor);
}

export const newestMinor: number = minorOf(schemaVersion) ?? 0;

/** The minor version that manifests are checked against; the newest known where the workspace does not tell one. */
export const clusterMinor = (workspace: Workspace): number =>
  minorOf(workspace.kubernetesVersion) ?? newestMinor;

import { textOf } from '../../document.ts';
import { missingIn, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';
import type { Manifest, Workspace } from '../../workspace.ts';

/** Kinds known to be in a namespace. Custom kinds can be either, so they are not judged. */
const namespaced = new Set([
  'ConfigMap',
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Endpoints',
  'EndpointSlice',
  'HorizontalPodAutoscaler',
  'Ingress',
  'Job',
  'LimitRange',
  'NetworkPolicy',
  'PersistentVolumeClaim',
  'Pod',
  'PodDisruptionBudget',
  'ReplicaSet',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'Secret',
  'Service',
  'ServiceAccount',
  'StatefulSet',
]);

export const defaultNamespace: Rule = {
  id: 'default-namespace',
  severity: 'warning',
  layer: 'policy',
  title: 'Nothing is put into the namespace "default"',
  why: 'In `default` nothing separates an application from others: no quota, no network policy, no rights of its own, and a forgotten namespace puts an object where its Service cannot find it.',
  fix: 'Write `metadata.namespace`, or set `namespace:` once in kustomization.yaml.',
  source: 'https://docs.kubelinter.io/#/generated/checks?id=use-namespace',
  check(workspace, report) {
    const stated = namespacesByFolder(workspace);
    for (const manifest of workspace.manifests) {
      if (manifest.namespace === 'default') {
        report.find(
          spotOf(manifest, ['metadata', 'namespace']),
          `${named(manifest)} goes into the namespace "default"; give the application one of its own`,
        );
      } else if (manifest.namespace === undefined) {
        const others = stated.get(folderOf(manifest));
        if (!others || !isForgotten(manifest, workspace)) continue;
        report.find(
          missingIn(manifest, ['metadata']),
          `${named(manifest)} states no namespace and goes where it happens to be applied; manifests beside it state "${others}"`,
        );
      }
    }
  },
};

/**
 * A whole folder without namespaces leaves the choice to `kubectl apply -n`; one manifest without, beside others with,
 * was forgotten, unless kustomize sets it.
 */
function isForgotten(manifest: Manifest, workspace: Workspace): boolean {
  if (!namespaced.has(manifest.kind)) return false;
  return manifest.name !== '' && !isKustomized(folderOf(manifest), workspace);
}

function isKustomized(folder: string, workspace: Workspace): boolean {
  for (let at: string | undefined = folder; at !== undefined; at = parentOf(at)) {
    const prefix = at === '' ? '' : `${at}/`;
    const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
    if (names.some((name) => workspace.exists(`${prefix}${name}`))) return true;
  }
  return false;
}

const folderOf = (manifest: Manifest): string => parentOf(manifest.document.file.path) ?? '';

function parentOf(path: string): string | undefined {
  if (path === '') return undefined;
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** The one namespace that the manifests of each folder state; folders that state several are left out. */
function namespacesByFolder(workspace: Workspace): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const mixed = new Set<string>();
  for (const manifest of workspace.manifests) {
    const namespace = textOf(manifest.namespace);
    if (namespace === undefined) continue;
    const folder = folderOf(manifest);
    if (found.get(folder) !== undefined && found.get(folder) !== namespace) mixed.add(folder);
    found.set(folder, namespace);
  }
  for (const folder of mixed) found.delete(folder);
  return found;
}

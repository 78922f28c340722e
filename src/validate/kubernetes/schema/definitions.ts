import { listOf, mappingOf, textOf, valueAt } from '../../document.ts';
import type { Manifest, Workspace } from '../../workspace.ts';

/** One version of a kind that a custom resource definition of the workspace defines. */
export interface Definition {
  readonly manifest: Manifest;
  /** openAPIV3Schema; undefined where the definition gives none. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  readonly served: boolean;
  /** Its own words where it is deprecated; empty where it gives none. */
  readonly deprecated: string | undefined;
}

const cache = new WeakMap<Workspace, ReadonlyMap<string, readonly Definition[]>>();

/**
 * Custom kinds by `<apiVersion> <kind>`, from the CustomResourceDefinitions among the manifests. There can be several
 * of one kind: a standard and an experimental channel, copies of two releases.
 */
export function definitionsOf(workspace: Workspace): ReadonlyMap<string, readonly Definition[]> {
  const known = cache.get(workspace);
  if (known) return known;
  const found = new Map<string, Definition[]>();
  for (const manifest of workspace.manifests) {
    if (
      manifest.kind !== 'CustomResourceDefinition' ||
      !manifest.apiVersion.startsWith('apiextensions.k8s.io/')
    ) {
      continue;
    }
    for (const [key, definition] of versionsOf(manifest)) {
      const list = found.get(key);
      if (list) list.push(definition);
      else found.set(key, [definition]);
    }
  }
  cache.set(workspace, found);
  return found;
}

function versionsOf(manifest: Manifest): readonly (readonly [string, Definition])[] {
  const spec = mappingOf(manifest.value['spec']);
  const group = textOf(spec?.['group']);
  const kind = textOf(valueAt(spec, ['names', 'kind']));
  if (!spec || group === undefined || kind === undefined) return [];
  // In v1beta1 one schema could stand beside all versions.
  const shared = mappingOf(valueAt(spec, ['validation', 'openAPIV3Schema']));
  return listOf(spec['versions']).flatMap((item) => {
    const version = mappingOf(item);
    const name = textOf(version?.['name']);
    if (!version || name === undefined) return [];
    const definition: Definition = {
      manifest,
      schema: mappingOf(valueAt(version, ['schema', 'openAPIV3Schema'])) ?? shared,
      served: version['served'] !== false,
      deprecated: version['deprecated'] === true ? (textOf(version['deprecationWarning']) ?? '') : undefined,
    };
    return [[`${group}/${name} ${kind}`, definition] as const];
  });
}

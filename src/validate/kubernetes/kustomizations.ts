import { type Document, mappingOf } from '../document.ts';
import { readYaml } from '../read/yaml.ts';
import type { Workspace } from '../workspace.ts';

/** A kustomization.yaml as it is written. */
export type Kustomization = Readonly<Record<string, unknown>>;

const cache = new WeakMap<Workspace, readonly Document[]>();

/** The documents of the workspace's kustomization files, but for those of other environments. */
export function kustomizationDocuments(workspace: Workspace): readonly Document[] {
  const known = cache.get(workspace);
  if (known) return known;
  const found = [...workspace.files.values()]
    .filter(({ path }) => /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(path))
    .filter(({ path }) => !workspace.overlays?.leftOut.has(path))
    .flatMap((file) => readYaml(file).documents)
    .filter(({ value }) => mappingOf(value) !== undefined);
  cache.set(workspace, found);
  return found;
}

/** What these files say about what is filled into manifests when they are built. */
export const kustomizations = (workspace: Workspace): readonly Kustomization[] =>
  kustomizationDocuments(workspace).map(({ value }) => mappingOf(value) ?? {});

/** Those whose objects are not among the manifests as they are built: what they say has still to be thought of. */
export const unbuiltKustomizations = (workspace: Workspace): readonly Document[] =>
  kustomizationDocuments(workspace).filter(({ file }) => !workspace.overlays?.built.has(file.path));

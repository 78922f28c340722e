import { mappingOf } from '../document.ts';
import { readYaml } from '../read/yaml.ts';
import type { Workspace } from '../workspace.ts';

/** A kustomization.yaml as it is written. */
export type Kustomization = Readonly<Record<string, unknown>>;

const cache = new WeakMap<Workspace, readonly Kustomization[]>();

/** The workspace's kustomization files, which tell what is filled into manifests when they are built. */
export function kustomizations(workspace: Workspace): readonly Kustomization[] {
  const known = cache.get(workspace);
  if (known) return known;
  const found = [...workspace.files.values()]
    .filter(({ path }) => /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(path))
    .flatMap((file) => readYaml(file).documents)
    .flatMap(({ value }) => mappingOf(value) ?? []) as Kustomization[];
  cache.set(workspace, found);
  return found;
}

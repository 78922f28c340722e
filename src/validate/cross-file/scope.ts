import type { SourceFile } from '../document.ts';
import { usualEnvironment } from '../environments.ts';
import { sameNamespace } from '../kubernetes/selectors.ts';
import type { Manifest } from '../workspace.ts';

const known = new WeakMap<SourceFile, string | undefined>();

/** The environment whose folder a file is in: `production` of `k8s/prod/gateway.yml`. Undefined: it may be in any. */
export function environmentOf(file: SourceFile): string | undefined {
  if (known.has(file)) return known.get(file);
  const folders = file.path.split('/').slice(0, -1);
  const found = folders.map(usualEnvironment).find((name) => name !== undefined);
  known.set(file, found);
  return found;
}

export function sameEnvironment(a: Manifest, b: Manifest): boolean {
  const one = environmentOf(a.document.file);
  const other = environmentOf(b.document.file);
  return one === undefined || other === undefined || one === other;
}

/**
 * Whether two objects can stand in one namespace of one cluster. One that states no namespace goes where it is applied;
 * files outside of environments' folders are applied to each of them.
 */
export const canMeet = (a: Manifest, b: Manifest): boolean => sameNamespace(a, b) && sameEnvironment(a, b);

/**
 * What each object can meet, worked out once for all objects of one namespace and environment: messages about what is
 * missing compare it with everything that is there.
 */
export class Surroundings<Item extends { readonly manifest: Manifest }> {
  readonly #all: readonly Item[];
  readonly #known = new Map<string, readonly Item[]>();

  constructor(all: readonly Item[]) {
    this.#all = all;
  }

  of(from: Manifest): readonly Item[] {
    const key = `${from.namespace ?? ''}\n${environmentOf(from.document.file) ?? ''}`;
    const found = this.#known.get(key) ?? this.#all.filter(({ manifest }) => canMeet(manifest, from));
    this.#known.set(key, found);
    return found;
  }
}

/** Those that stand nearest in the tree of folders: variants of one object are kept beside what uses them. */
export function nearestTo<Item extends { readonly manifest: Manifest }>(
  from: Manifest,
  items: readonly Item[],
): readonly Item[] {
  if (items.length < 2) return items;
  const folders = foldersOf(from);
  const nearness = items.map(({ manifest }) => commonLength(folders, foldersOf(manifest)));
  const most = Math.max(...nearness);
  return items.filter((_, i) => nearness[i] === most);
}

const foldersOf = (manifest: Manifest): readonly string[] =>
  manifest.document.file.path.split('/').slice(0, -1);

function commonLength(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((folder, i) => folder !== b[i]);
  return differs === -1 ? a.length : differs;
}

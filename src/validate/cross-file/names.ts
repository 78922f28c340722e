import type { Manifest, Workspace } from '../workspace.ts';
import { canMeet, nearestTo, Surroundings } from './scope.ts';

/** Something that others refer to by name. `manifest` is what makes it: itself, or for instance an ExternalSecret. */
export interface Named {
  readonly name: string;
  readonly manifest: Manifest;
}

/** Finds objects by name from where they are referred to. */
export class NameIndex<Item extends Named> {
  readonly all: readonly Item[];
  readonly #surroundings: Surroundings<Item>;
  readonly #byName = new Map<string, Item[]>();

  constructor(items: readonly Item[]) {
    this.all = items;
    this.#surroundings = new Surroundings(items);
    for (const item of items) {
      const filed = this.#byName.get(item.name);
      if (filed) filed.push(item);
      else this.#byName.set(item.name, [item]);
    }
  }

  /** Those of that name which `from` can meet; the nearest where several folders hold one. */
  named(name: string, from: Manifest): readonly Item[] {
    const items = this.#byName.get(name) ?? [];
    return nearestTo(
      from,
      items.filter(({ manifest }) => canMeet(manifest, from)),
    );
  }

  /** Those of that name, wherever they are. */
  anywhere(name: string): readonly Item[] {
    return this.#byName.get(name) ?? [];
  }

  /** All that `from` can meet. */
  beside(from: Manifest): readonly Item[] {
    return this.#surroundings.of(from);
  }
}

const cache = new WeakMap<Workspace, Map<string, NameIndex<Named>>>();

/** The workspace's objects of one kind. */
export function objectsOf(workspace: Workspace, kind: string): NameIndex<Named> {
  const known = cache.get(workspace) ?? filedByKind(workspace);
  cache.set(workspace, known);
  return known.get(kind) ?? nothing;
}

const nothing = new NameIndex<Named>([]);

function filedByKind(workspace: Workspace): Map<string, NameIndex<Named>> {
  const byKind = new Map<string, Named[]>();
  for (const manifest of workspace.manifests) {
    const filed = byKind.get(manifest.kind);
    if (filed) filed.push({ name: manifest.name, manifest });
    else byKind.set(manifest.kind, [{ name: manifest.name, manifest }]);
  }
  return new Map([...byKind].map(([kind, items]) => [kind, new NameIndex(items)]));
}

import { type Document, listOf, mappingOf, type Path, type Position, textOf, valueAt } from '../document.ts';

/** A document that objects are built from: a resource, a patch or the kustomization with its generators. */
export interface Layer {
  document: Document;
  use: 'resource' | 'part' | 'kustomization';
}

interface Parts {
  value: unknown;
  /** The kustomization that was built. */
  root: Document;
  /** What is applied last comes first. */
  layers: readonly Layer[];
}

/** Where a value of a built object is written. */
interface Written {
  document: Document;
  path: Path;
}

/**
 * An object that kustomize has built. Its places are where its parts are written: in the patch that sets a value, else in
 * the resource, else (names, labels and data that kustomize makes) in the kustomization. Nothing in it can be edited.
 */
export function builtDocument({ value, root, layers }: Parts): Document {
  const own = layers.filter(
    ({ document, use }) => use !== 'kustomization' && isPartOf(document.value, value),
  );
  const origin = own.findLast(({ use }) => use === 'resource')?.document;
  const base: Written = (origin && { document: origin, path: [] }) ??
    generatorOf(layers, value) ?? { document: root, path: [] };
  const place = (path: Path, part?: 'key' | 'value'): Position => {
    for (const { document } of own) {
      const found = translated(value, document.value, path);
      if (found && isSame(valueAt(value, path), valueAt(document.value, found)))
        return placedIn(document, document.position(found, part));
    }
    const near = origin ? nearestPath(value, origin.value, path) : base.path;
    return placedIn(base.document, base.document.position(near, near.length < path.length ? 'key' : part));
  };
  return {
    file: base.document.file,
    index: base.document.index,
    value,
    position: place,
    extent: () => undefined,
  };
}

const placedIn = (document: Document, position: Position): Position => ({ ...position, file: document.file });

const nameOf = (value: unknown): string | undefined => textOf(valueAt(value, ['metadata', 'name']));

/** Same kind, and the same name but for what kustomize puts before and behind it. */
function isPartOf(written: unknown, built: unknown): boolean {
  if (mappingOf(written)?.['kind'] !== mappingOf(built)?.['kind']) return false;
  const name = nameOf(written);
  return name !== undefined && (nameOf(built)?.includes(name) ?? false);
}

const generators: Readonly<Record<string, string>> = {
  ConfigMap: 'configMapGenerator',
  Secret: 'secretGenerator',
};

function generatorOf(layers: readonly Layer[], built: unknown): Written | undefined {
  const key = generators[String(mappingOf(built)?.['kind'])];
  if (key === undefined) return undefined;
  for (const { document, use } of layers) {
    if (use !== 'kustomization') continue;
    const at = listOf(mappingOf(document.value)?.[key]).findIndex((item) =>
      nameOf(built)?.includes(textOf(mappingOf(item)?.['name']) ?? '\0'),
    );
    if (at !== -1) return { document, path: [key, at] };
  }
  return undefined;
}

/** Scalars have to be equal; of mappings and lists the layer holds a part. */
const isSame = (built: unknown, written: unknown): boolean =>
  typeof written === 'object' && written !== null ? typeof built === 'object' : built === written;

/** The path in `written` of what is at `path` in `built`; items of lists go by name. Undefined where it has none. */
function translated(built: unknown, written: unknown, path: Path): Path | undefined {
  const found = nearestPath(built, written, path);
  return found.length === path.length ? found : undefined;
}

function nearestPath(built: unknown, written: unknown, path: Path): Path {
  const found: (string | number)[] = [];
  let from = built;
  let to = written;
  for (const key of path) {
    const next =
      typeof key === 'number' && Array.isArray(from) && Array.isArray(to)
        ? itemLike(from[key], to, key)
        : key;
    if (next === undefined || valueAt(to, [next]) === undefined) break;
    from = valueAt(from, [key]);
    to = valueAt(to, [next]);
    found.push(next);
  }
  return found;
}

/** What tells the items of Kubernetes lists apart when they are merged. */
const mergeKeys = ['name', 'containerPort', 'mountPath', 'port', 'key', 'ip', 'topologyKey'];

function itemLike(item: unknown, items: readonly unknown[], index: number): number | undefined {
  const mapping = mappingOf(item);
  const key = mergeKeys.find((each) => mapping?.[each] !== undefined);
  if (key === undefined) return items[index] === item || mapping ? index : items.indexOf(item);
  const at = items.findIndex((other) => mappingOf(other)?.[key] === mapping?.[key]);
  return at === -1 ? undefined : at;
}

import { mappingOf, textOf } from '../../document.ts';
import type { Kustomization, Reference } from '../kustomization.ts';
import { generate, type ReadBytes } from './generators.ts';
import { patch, type ReadValues } from './patches.ts';
import { followNames } from './references.ts';
import { mappingsIn, type Resource, resourceOf, Unbuildable } from './resource.ts';
import { transform, transformLast } from './transformers.ts';

/** Where the parts of an overlay come from; paths are relative to the workspace. */
export interface OverlaySource {
  /** The kustomization of a folder; undefined where there is none. */
  kustomization(folder: string): Kustomization | undefined;
  readonly values: ReadValues;
  readonly bytes: ReadBytes;
}

/** Keys that need more than is built here, and why. */
const unsupported: Readonly<Record<string, string>> = {
  vars: 'it fills in variables (vars)',
  replacements: 'it has replacements',
  generators: 'its plugins would have to be rendered',
  transformers: 'its plugins would have to be rendered',
  configurations: 'it changes what kustomize knows of kinds (configurations)',
  openapi: 'it changes what kustomize knows of kinds (openapi)',
};

/** No overlay nests like this, or has so many parts; one that names its base twice at every level would. */
const most = { depth: 50, resources: 50_000 };

/**
 * The objects of an overlay, without kubectl: resources, components, generators, patches (strategic merge and JSON),
 * namespace, names, labels, annotations, replicas and images, in the order that kustomize keeps. Names have no hash.
 * @throws Unbuildable for what is not built here, and for what kustomize would refuse
 */
export function buildOverlay(root: Kustomization, source: OverlaySource): readonly Record<string, unknown>[] {
  const resources = new Builder(source).build(root, 0);
  followNames(resources);
  return resources.map(({ value }) => value);
}

class Builder {
  readonly #source: OverlaySource;
  #loaded = 0;

  constructor(source: OverlaySource) {
    this.#source = source;
  }

  build(kustomization: Kustomization, depth: number): Resource[] {
    if (depth > most.depth) throw new Unbuildable('its bases go round in a circle');
    const resources = this.#of(kustomization, depth);
    this.#apply(kustomization, resources, depth);
    return resources;
  }

  /** Lays a kustomization, or a component, over resources; what it adds is added to them. */
  #apply(kustomization: Kustomization, resources: Resource[], depth: number): void {
    const { folder, document } = kustomization;
    const value = mappingOf(document.value) ?? {};
    const key = Object.keys(unsupported).find((each) => value[each] !== undefined);
    if (key !== undefined) throw new Unbuildable(unsupported[key]);
    if (depth > most.depth) throw new Unbuildable('its components go round in a circle');
    for (const component of this.#components(kustomization)) {
      resources.push(...this.#of(component, depth + 1));
      this.#apply(component, resources, depth + 1);
    }
    generate(kustomization, resources, this.#source.bytes);
    const { later } = patch(kustomization, resources, this.#source.values);
    transform(value, resources);
    later();
    transformLast(value, resources);
    for (const { scope } of resources) if (!scope.includes(folder)) scope.push(folder);
  }

  /** The resources that a kustomization names. */
  #of({ references, folder }: Kustomization, depth: number): Resource[] {
    return references
      .filter(({ at }) => at[0] === 'resources' || at[0] === 'bases')
      .flatMap((reference) => this.#load(reference, folder, depth));
  }

  #load({ path, text }: Reference, folder: string, depth: number): Resource[] {
    this.#loaded += 1;
    if (this.#loaded > most.resources) throw new Unbuildable('it has too many parts');
    if (path === undefined) throw new Unbuildable(`"${text}" would have to be fetched from elsewhere`);
    const below = this.#source.kustomization(path);
    if (below) return this.build(below, depth + 1);
    const values = this.#source.values(path);
    if (!values) throw new Unbuildable(`"${text}" cannot be read`);
    return values.flatMap(objectsIn).map((value) => resourceOf(value, folder));
  }

  #components({ references }: Kustomization): readonly Kustomization[] {
    return references
      .filter(({ at }) => at[0] === 'components')
      .map(({ path, text }) => {
        const found = path === undefined ? undefined : this.#source.kustomization(path);
        if (!found) throw new Unbuildable(`"${text}" is no component of the workspace`);
        return found;
      });
  }
}

/** The objects of a document: itself, or the items of a list. */
function objectsIn(value: unknown): readonly Record<string, unknown>[] {
  const mapping = mappingOf(value);
  const kind = textOf(mapping?.['kind']);
  if (!mapping || kind === undefined) return [];
  return kind.endsWith('List') && Array.isArray(mapping['items'])
    ? mappingsIn(mapping['items'])
    : [mapping as Record<string, unknown>];
}

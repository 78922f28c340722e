import { listOf, mappingOf, textOf, valueAt } from '../../document.ts';

/** An object that is being built; nothing else holds its value. */
export interface Resource {
  value: Record<string, unknown>;
  /** Every name that it had, the present one last: others may refer to it by each of them. */
  readonly names: string[];
  /** Folders of the kustomizations that it went through, innermost first. */
  readonly scope: string[];
}

/** Something of an overlay that is not built here; `message` is the reason, to follow the name of its file. */
export class Unbuildable extends Error {}

export const kindOf = ({ value }: Resource): string => textOf(value['kind']) ?? '';

export const nameOf = ({ names }: Resource): string => names.at(-1) ?? '';

export const namespaceOf = ({ value }: Resource): string | undefined =>
  textOf(valueAt(value, ['metadata', 'namespace']));

/** `apps` of `apps/v1`, empty for the core group. */
export function groupOf({ value }: Resource): string {
  const [group = '', version] = String(value['apiVersion'] ?? '').split('/');
  return version === undefined ? '' : group;
}

/** Custom kinds have no types that tell which of their lists are merged. */
export const isCustom = (resource: Resource): boolean => {
  const group = groupOf(resource);
  return group.includes('.') && !group.endsWith('.k8s.io');
};

/** A resource of its own from a value that others hold, too. */
export function resourceOf(value: Readonly<Record<string, unknown>>, folder: string): Resource {
  const own = structuredClone(value) as Record<string, unknown>;
  return { value: own, names: [textOf(valueAt(own, ['metadata', 'name'])) ?? ''], scope: [folder] };
}

export function rename(resource: Resource, name: string): void {
  if (name === nameOf(resource)) return;
  mappingAt(resource.value, ['metadata'])['name'] = name;
  resource.names.push(name);
}

/** The mapping at a path, made where there is none. */
export function mappingAt(value: Record<string, unknown>, path: readonly string[]): Record<string, unknown> {
  let at = value;
  for (const key of path) {
    at[key] = mappingOf(at[key]) ?? {};
    at = at[key] as Record<string, unknown>;
  }
  return at;
}

/** The mapping at a path of keys, where there is one; nothing is made. */
export const existing = (value: unknown, path: readonly string[]): Record<string, unknown> | undefined =>
  mappingOf(valueAt(value, path)) as Record<string, unknown> | undefined;

/** Where the pod template of a workload stands; undefined for kinds without one. */
export function templateOf({ value }: Resource): Record<string, unknown> | undefined {
  return (
    existing(value, ['spec', 'jobTemplate', 'spec', 'template']) ?? existing(value, ['spec', 'template'])
  );
}

/** The pod spec of a workload or pod. */
export const podSpecOf = (resource: Resource): Record<string, unknown> | undefined =>
  kindOf(resource) === 'Pod' ? existing(resource.value, ['spec']) : existing(templateOf(resource), ['spec']);

/** Items of a list that are mappings. */
export const mappingsIn = (list: unknown): Record<string, unknown>[] =>
  listOf(list).filter((item): item is Record<string, unknown> => mappingOf(item) !== undefined);

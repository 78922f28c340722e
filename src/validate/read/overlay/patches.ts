import { join } from 'node:path/posix';
import { listOf, mappingOf, textOf, valueAt } from '../../document.ts';
import type { Kustomization } from '../kustomization.ts';
import { readYaml } from '../yaml.ts';
import { patchJson } from './json-patch.ts';
import { merged } from './merge.ts';
import { groupOf, isCustom, kindOf, namespaceOf, type Resource, Unbuildable } from './resource.ts';
import { selected } from './select.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** The documents of a file as values; undefined where it cannot be read. */
export type ReadValues = (path: string) => readonly unknown[] | undefined;

/** Applies `patchesStrategicMerge`, `patches` and, as kustomize does at the end, `patchesJson6902`. */
export function patch(
  kustomization: Kustomization,
  resources: Resource[],
  read: ReadValues,
): { later: () => void } {
  const value = mappingOf(kustomization.document.value) ?? {};
  const run = (item: Mapping): void => {
    for (const document of documentsOf(item, kustomization.folder, read)) {
      if (mappingOf(document) || Array.isArray(document))
        patchAll(resources, document, mappingOf(item['target']));
    }
  };
  for (const item of listOf(value['patchesStrategicMerge'])) {
    const text = textOf(item) ?? '';
    run(text.includes('\n') ? { patch: text } : { path: text });
  }
  for (const item of listOf(value['patches'])) run(mappingOf(item) ?? {});
  const later = (): void => {
    for (const item of listOf(value['patchesJson6902'])) run(mappingOf(item) ?? {});
  };
  return { later };
}

function documentsOf(item: Mapping, folder: string, read: ReadValues): readonly unknown[] {
  const inline = textOf(item['patch']);
  if (inline !== undefined)
    return readYaml({ path: folder, text: inline }).documents.map(({ value }) => value);
  const path = textOf(item['path']) ?? '';
  const values = read(join(folder, path));
  if (!values) throw new Unbuildable(`"${path}" cannot be read`);
  return values;
}

function patchAll(resources: Resource[], document: unknown, target: Mapping | undefined): void {
  if (Array.isArray(document)) {
    if (!target) throw new Unbuildable('a list of operations has no target');
    for (const resource of selected(resources, target)) patchJson(resource.value, document);
    return;
  }
  const over = mappingOf(document) ?? {};
  const meant = target ? selected(resources, target) : resources.filter((each) => isMeant(each, over));
  if (meant.length === 0 && !target)
    throw new Unbuildable(`a patch is of ${over['kind']} "${nameIn(over)}", which is not there`);
  for (const resource of meant) mergeInto(resource, over, resources);
}

const nameIn = (value: Mapping): unknown => valueAt(value, ['metadata', 'name']);

function isMeant(resource: Resource, over: Mapping): boolean {
  const wanted = { value: over, names: [], scope: [] } as unknown as Resource;
  const namespace = namespaceOf(wanted);
  return (
    kindOf(resource) === kindOf(wanted) &&
    groupOf(resource) === groupOf(wanted) &&
    resource.names.includes(String(nameIn(over))) &&
    (namespace === undefined || (namespaceOf(resource) ?? 'default') === namespace)
  );
}

/** What a resource is called stays, whatever the patch is called. */
function mergeInto(resource: Resource, over: Mapping, resources: Resource[]): void {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = over;
  const { name: _name, namespace: _namespace, ...more } = mappingOf(metadata) ?? {};
  const patch = { ...rest, ...(Object.keys(more).length > 0 ? { metadata: more } : {}) };
  const result = merged(resource.value, patch, isCustom(resource) ? 'plain' : 'strategic');
  const value = mappingOf(result);
  if (value) resource.value = value as Record<string, unknown>;
  else resources.splice(resources.indexOf(resource), 1);
}

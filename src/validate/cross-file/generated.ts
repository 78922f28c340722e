import { basename, dirname, join } from 'node:path/posix';
import { type Document, listOf, mappingOf, textOf, valueAt } from '../document.ts';
import { unbuiltKustomizations } from '../kubernetes/kustomizations.ts';
import { readYaml } from '../read/yaml.ts';
import type { Manifest, Workspace } from '../workspace.ts';

/** A ConfigMap or Secret with the keys that are known of it. */
export interface Holder {
  readonly name: string;
  readonly manifest: Manifest;
  /** Undefined where they come from elsewhere, so that it may have any. */
  readonly keys: ReadonlySet<string> | undefined;
}

const generators = { ConfigMap: 'configMapGenerator', Secret: 'secretGenerator' } as const;

/**
 * What kustomize makes from the generators of a kustomization that could not be built, by the name that manifests refer to it
 * with, and what its patches add to: that may have any key.
 */
export function generatedHolders(workspace: Workspace, kind: 'ConfigMap' | 'Secret'): readonly Holder[] {
  return unbuiltKustomizations(workspace).flatMap((document) => [
    ...listOf(mappingOf(document.value)?.[generators[kind]]).flatMap((item) =>
      generated({ workspace, document, kind, item }),
    ),
    ...patchesOf(workspace, document).flatMap((patch) => patched(patch, kind)),
  ]);
}

/** The documents of a kustomization's patches, in files of their own or written in place. */
function patchesOf(workspace: Workspace, { file, value }: Document): readonly Document[] {
  const folder = dirname(file.path);
  const patches = listOf(mappingOf(value)?.['patches']);
  const paths = [
    ...patches.map((patch) => mappingOf(patch)?.['path']),
    ...listOf(mappingOf(value)?.['patchesStrategicMerge']),
  ];
  const files = paths.flatMap((path) => workspace.files.get(join(folder, String(path))) ?? []);
  const inline = patches.flatMap((patch) => textOf(mappingOf(patch)?.['patch']) ?? []);
  return [...files, ...inline.map((text) => ({ path: file.path, text }))].flatMap(
    (each) => readYaml(each).documents,
  );
}

function patched(document: Document, kind: string): Holder[] {
  const value = mappingOf(document.value);
  const name = textOf(valueAt(value, ['metadata', 'name']));
  if (!value || value['kind'] !== kind || name === undefined) return [];
  const namespace = textOf(valueAt(value, ['metadata', 'namespace']));
  return [{ name, manifest: { document, apiVersion: 'v1', kind, name, namespace, value }, keys: undefined }];
}

interface Entry {
  workspace: Workspace;
  document: Document;
  kind: string;
  item: unknown;
}

function generated({ workspace, document, kind, item }: Entry): Holder[] {
  const value = mappingOf(item);
  const name = textOf(value?.['name']);
  if (!value || name === undefined) return [];
  const namespace = textOf(value['namespace']) ?? textOf(valueAt(document.value, ['namespace']));
  const manifest = { document, apiVersion: 'v1', kind, name, namespace, value };
  const folder = dirname(document.file.path);
  const lines = [...listOf(value['envs']), value['env']].flatMap((path) => {
    const text = textOf(path);
    return text === undefined ? [] : [envKeys(workspace, join(folder, text))];
  });
  if (value['behavior'] !== undefined || lines.includes(undefined))
    return [{ name, manifest, keys: undefined }];
  const literals = listOf(value['literals']).map((literal) => String(literal).split('=', 1)[0] ?? '');
  const files = listOf(value['files']).map(fileKey);
  return [{ name, manifest, keys: new Set([...literals, ...files, ...lines.flatMap((keys) => keys ?? [])]) }];
}

/** `key=path`, or the file's name. */
function fileKey(file: unknown): string {
  const text = String(file);
  const at = text.indexOf('=');
  return at === -1 ? basename(text) : text.slice(0, at);
}

function envKeys(workspace: Workspace, path: string): readonly string[] | undefined {
  const value = mappingOf(workspace.envFiles.get(path)?.value);
  return value && Object.keys(value);
}

import { readFileSync } from 'node:fs';
import { load, loadAll } from 'js-yaml';
import { type Document, mappingOf, textOf } from '../../../../src/validate/document.ts';
import { manifestSchema } from '../../../../src/validate/read/yaml-schema.ts';
import type { Manifest, Workspace } from '../../../../src/validate/workspace.ts';

type Value = Readonly<Record<string, unknown>>;

/** The documents of the fixture that holds valid manifests of every kind. */
export function validManifests(): readonly Value[] {
  return ['workloads', 'network', 'configuration'].flatMap((name) => {
    const path = new URL(`../../../fixtures/rules/schema/good/${name}.yaml`, import.meta.url);
    return loadAll(readFileSync(path, 'utf8'), { schema: manifestSchema }) as Value[];
  });
}

export const manifest = (yaml: string): Value => load(yaml, { schema: manifestSchema }) as Value;

const documentOf = (value: Value): Document => ({
  file: { path: 'manifest.yaml', text: '' },
  index: 0,
  value,
  position: () => ({ line: 1, column: 1, offset: 0 }),
  extent: () => undefined,
});

const manifestOf = (value: Value): Manifest => {
  const metadata = mappingOf(value['metadata']);
  return {
    document: documentOf(value),
    apiVersion: textOf(value['apiVersion']) ?? '',
    kind: textOf(value['kind']) ?? '',
    name: textOf(metadata?.['name']) ?? '',
    namespace: textOf(metadata?.['namespace']),
    value,
  };
};

/** A workspace of manifests only. */
export function workspaceOf(values: readonly Value[], kubernetesVersion = '1.36'): Workspace {
  return {
    root: '/nowhere',
    release: undefined,
    kubernetesVersion,
    environment: undefined,
    files: new Map(),
    unreadable: [],
    skips: [],
    manifests: values.map(manifestOf),
    dockerfiles: [],
    composeFiles: [],
    workflows: [],
    prometheus: [],
    configs: [],
    envFiles: new Map(),
    actions: [],
    exists: () => false,
  } satisfies Workspace;
}

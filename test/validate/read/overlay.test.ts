import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { systemWorkspaceFiles } from '../../../src/platform/workspace-files.ts';
import { valueAt } from '../../../src/validate/document.ts';
import { buildOverlay } from '../../../src/validate/read/overlay/build.ts';
import { overlaySource } from '../../../src/validate/read/overlay/source.ts';
import { readYaml } from '../../../src/validate/read/yaml.ts';
import type { memoryFiles } from '../../support/validate-workspace.ts';

/**
 * Overlays built without kubectl, against what kubectl has made of the same folders (test/fixtures/kustomize/expected, written by
 * `kubectl kustomize`). Where kubectl is installed, it has to say the same today.
 */

const fixtures = new URL('../../fixtures/kustomize/', import.meta.url);
const root = fileURLToPath(new URL('workspace', fixtures));
const hasKubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;

const sourceOf = (files: ReturnType<typeof memoryFiles>) =>
  overlaySource({ files, byFolder: new Map(), documents: new Map() });

function built(files: ReturnType<typeof memoryFiles>, folder: string): readonly unknown[] {
  const source = sourceOf(files);
  const found = source.kustomization(folder);
  if (!found) throw new Error(`no kustomization in ${folder}`);
  return buildOverlay(found, source);
}

const titleOf = (value: unknown): string =>
  ['kind', 'metadata/namespace', 'metadata/name'].map((path) => valueAt(value, path.split('/'))).join(' ');

/** By kind, namespace and name; the order of objects says nothing. */
const sorted = (values: readonly unknown[]): readonly (readonly [string, unknown])[] =>
  values.map((value) => [titleOf(value), value] as const).sort(([a], [b]) => (a < b ? -1 : 1));

const parsed = (text: string) =>
  sorted(readYaml({ path: 'expected', text }).documents.map(({ value }) => value));

const overlays = ['base', 'overlays/production', 'overlays/staging', 'twice'];

describe('overlays built without kubectl', () => {
  test.each(overlays)('%s is what kubectl makes of it', (folder) => {
    const expected = parsed(
      readFileSync(new URL(`expected/${folder.split('/').at(-1)}.yml`, fixtures), 'utf8'),
    );
    const found = sorted(built(systemWorkspaceFiles(root), folder));
    expect(found.map(([title]) => title)).toEqual(expected.map(([title]) => title));
    expect(found).toEqual(expected);
  });

  (hasKubectl ? test.each(overlays) : test.skip.each(overlays))(
    '%s: kubectl says the same today',
    (folder) => {
      const { stdout } = spawnSync('kubectl', ['kustomize', folder], { cwd: root, encoding: 'utf8' });
      const found = sorted(built(systemWorkspaceFiles(root), folder));
      expect(found).toEqual(parsed(stdout));
    },
  );
});

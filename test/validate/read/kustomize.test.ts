import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type Ran, systemProcesses } from '../../../src/platform/processes.ts';
import type { Path } from '../../../src/validate/document.ts';
import { readWorkspace } from '../../../src/validate/read/index.ts';
import type { Workspace } from '../../../src/validate/workspace.ts';
import { fakeProcesses } from '../../support/fake-processes.ts';
import { workspaceOf } from '../../support/validate-workspace.ts';

const overlays = fileURLToPath(new URL('../../fixtures/overlays/', import.meta.url));
const hasKubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;

const ran = (over: Partial<Ran>) => fakeProcesses(() => over);

const find = ({ manifests }: Workspace, kind: string, name: RegExp) => {
  const found = manifests.find((manifest) => manifest.kind === kind && name.test(manifest.name));
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};

const place = (workspace: Workspace, [kind, name]: readonly [string, RegExp], path: Path): string => {
  const { document } = find(workspace, kind, name);
  const { file = document.file, line, column } = document.position(path);
  return `${file.path}:${line}:${column}`;
};

const container: Path = ['spec', 'template', 'spec', 'containers', 0];

/** What kustomize makes of test/fixtures/overlays; a real one has to make the same. */
const built = `apiVersion: v1
data:
  LOG_LEVEL: info
kind: ConfigMap
metadata:
  name: prod-settings-abc123
  namespace: trading
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    tier: front
  name: prod-gateway
  namespace: trading
spec:
  replicas: 5
  selector:
    matchLabels:
      app: gateway
  template:
    metadata:
      labels:
        app: gateway
    spec:
      containers:
      - image: ghcr.io/acme/sidecar:1.0.0
        name: sidecar
      - env:
        - name: LOG_LEVEL
          value: info
        image: ghcr.io/acme/gateway:2.0.0
        name: gateway
        ports:
        - containerPort: 8000
        resources:
          limits:
            memory: 1Gi
`;

function checkPlaces(workspace: Workspace): void {
  const gateway = ['Deployment', /gateway/] as const;
  const { value } = find(workspace, ...gateway);
  const containers = (value['spec'] as { template: { spec: { containers: { name: string }[] } } }).template
    .spec.containers;
  const at = containers.findIndex(({ name }) => name === 'gateway');
  const own: Path = [...container.slice(0, -1), at];
  expect(place(workspace, gateway, ['spec', 'replicas'])).toBe('production/replicas.yml:6:13');
  expect(place(workspace, gateway, [...own, 'resources', 'limits', 'memory'])).toBe(
    'production/replicas.yml:13:23',
  );
  expect(place(workspace, gateway, [...own, 'image'])).toBe('base/deployment.yml:16:18');
  expect(place(workspace, gateway, [...own, 'ports', 0, 'containerPort'])).toBe('base/deployment.yml:18:30');
  // What kustomize has made is told at the nearest that is written.
  expect(place(workspace, gateway, ['metadata', 'namespace'])).toBe('base/deployment.yml:3:1');
  expect(place(workspace, ['ConfigMap', /settings/], ['data', 'LOG_LEVEL'])).toBe(
    'base/kustomization.yaml:6:5',
  );
}

describe('overlays', () => {
  test('are built, and what they are made of is no object of its own', async () => {
    const workspace = await readWorkspace({ root: overlays, processes: ran({ stdout: built }) });
    const told = workspace.manifests.map(({ kind, name }) => `${kind} ${name}`).sort();
    expect(told).toEqual(['ConfigMap prod-settings-abc123', 'Deployment prod-gateway', 'Service alone']);
    expect([workspace.unreadable, workspace.skips]).toEqual([[], []]);
  });

  test('have the places of what sets a value', async () => {
    checkPlaces(await readWorkspace({ root: overlays, processes: ran({ stdout: built }) }));
  });

  (hasKubectl ? test : test.skip)('are built by kubectl itself, without any network', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cutover-overlay-'));
    try {
      cpSync(overlays, folder, { recursive: true });
      const workspace = await readWorkspace({ root: folder, processes: systemProcesses });
      expect(workspace.unreadable.map(({ message }) => message)).toEqual([]);
      expect(find(workspace, 'Deployment', /gateway/).name).toBe('prod-gateway');
      checkPlaces(workspace);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.each([
    ['kubectl is not installed', fakeProcesses()],
    ['nothing may be run', undefined],
  ])('are built here where %s', async (_, processes) => {
    const workspace = await readWorkspace({ root: overlays, processes });
    expect(workspace.manifests.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'ConfigMap prod-settings',
      'Deployment prod-gateway',
      'Service alone',
    ]);
    expect([workspace.unreadable, workspace.skips]).toEqual([[], []]);
    checkPlaces(workspace);
  });

  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: b }\n';

  test.each([
    ['vars: [{ name: A }]', 'variables'],
    ['replacements: [{ path: r.yml }]', 'replacements'],
    ['transformers: [r.yml]', 'would have to be rendered'],
    ['configMapGenerator: [{ name: a, behavior: merge, literals: [a=b] }]', 'there is no "a" to merge'],
    [
      'patches: [{ patch: "{ kind: Pod, apiVersion: v1, metadata: { name: other } }" }]',
      'which is not there',
    ],
    ['patches: [{ target: { name: "(a+)+" }, patch: "{ spec: {} }" }]', 'a pattern with groups'],
    ['patches: [{ target: { labelSelector: "a in (b)" }, patch: "{ spec: {} }" }]', 'more than key=value'],
    [
      'patches: [{ target: { kind: Pod }, patch: "[{ op: move, path: /spec/a, from: /a }]" }]',
      'is not there',
    ],
    [
      'patches: [{ target: { kind: Pod }, patch: "[{ op: add, path: /__proto__/polluted, value: 1 }]" }]',
      'is not there',
    ],
    [
      'patches: [{ target: { kind: Pod }, patch: "[{ op: copy, path: /kind, from: /a }]" }]',
      'the operation copy',
    ],
    [
      'patches: [{ target: { kind: Pod }, patch: "{ spec: { $retainKeys: [a] } }" }]',
      'the directive $retainKeys',
    ],
    ['components: [c]', '"c" is no component'],
  ])(
    'that need more are read as plain files, patches left out, without kubectl: %s',
    async (text, reason) => {
      const { skips, manifests } = await workspaceOf({
        'kustomization.yaml': `resources: [pod.yml]\n${text}\n`,
        'pod.yml': pod,
        'r.yml': 'a: b',
        'c/x.yml': 'a: b',
      });
      expect(manifests.map(({ name }) => name)).toEqual(['a']);
      expect(skips).toMatchObject([{ rule: 'kustomize-build', reason: expect.stringContaining(reason) }]);
      expect(skips[0]?.reason).toContain('its files are read one by one and patches are left out');
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  test('that name each other, or themselves over and over, come to an end', async () => {
    const round = {
      'a/kustomization.yaml': 'resources: [../a]\n',
      'b/kustomization.yaml': 'resources: [../a]\n',
    };
    expect((await workspaceOf(round)).skips).toMatchObject([
      { reason: expect.stringContaining('round in a circle') },
    ]);
    const levels = Array.from({ length: 30 }, (_, i) => [
      `l${i}/kustomization.yaml`,
      i === 29 ? 'resources: [pod.yml]\n' : `resources: [../l${i + 1}, ../l${i + 1}]\n`,
    ]);
    const { skips } = await workspaceOf({ ...Object.fromEntries(levels), 'l29/pod.yml': pod });
    expect(skips).toMatchObject([{ reason: expect.stringContaining('too many parts') }]);
  });

  test('that kubectl refuses are told with its words', async () => {
    const stderr = 'error: accumulating resources: no such field "x"\nmore\n';
    const { unreadable } = await readWorkspace({ root: overlays, processes: ran({ code: 1, stderr }) });
    expect(unreadable.map(({ problem, file, message }) => [problem, file.path, message])).toEqual([
      [
        'kustomize-build',
        'production/kustomization.yaml',
        'kubectl kustomize cannot build it: accumulating resources: no such field "x"',
      ],
    ]);
  });

  test.each([
    ['resources: [https://example.com/a.yml]', 'would have to be fetched'],
    ['resources: ["github.com/acme/common?ref=v1"]', 'would have to be fetched'],
    ['helmCharts: [{ name: a }]', 'rendered by Helm'],
  ])('that need more than the workspace are skipped: %s', async (text, reason) => {
    const processes = fakeProcesses();
    const { skips, unreadable } = await workspaceOf({ 'kustomization.yaml': text }, { processes });
    expect(processes.calls).toEqual([]);
    expect(unreadable).toEqual([]);
    expect(skips).toMatchObject([{ rule: 'kustomize-build', reason: expect.stringContaining(reason) }]);
  });
});

describe('overlays of several environments', () => {
  const release = (...names: string[]) =>
    `name: a\ncomponents:\n  web: { run: [node] }\nenvironments:\n${names.map((name) => `  ${name}: { target: local }\n`).join('')}`;
  const overlay = (name: string) => ({
    [`k8s/overlays/${name}/kustomization.yaml`]: `nameSuffix: -${name}\nresources: [../../base, own.yml]\n`,
    [`k8s/overlays/${name}/own.yml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: own }\n`,
  });
  const base = {
    'k8s/base/kustomization.yaml': 'resources: [pod.yml]\n',
    'k8s/base/pod.yml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: pod }\n',
  };
  const read = async (files: Record<string, string>, environment?: string) => {
    const { manifests, skips } = await workspaceOf({ ...base, ...files }, { environment });
    return { names: manifests.map(({ name }) => name).sort(), skips };
  };

  test('only those of the environment that is released to are read, others are skipped with the reason', async () => {
    const files = {
      'cutover.yml': release('staging', 'production'),
      ...overlay('staging'),
      ...overlay('production'),
    };
    const { names, skips } = await read(files, 'production');
    expect(names).toEqual(['own-production', 'pod-production']);
    expect(skips).toEqual([
      {
        rule: 'kustomize-build',
        file: 'k8s/overlays/staging/kustomization.yaml',
        reason: 'it belongs to the environment "staging", and "production" is checked',
      },
    ]);
    expect((await read(files)).names).toHaveLength(4);
  });

  test.each<[string, string[], string[], string, string[]]>([
    [
      'another word for it',
      ['staging', 'production'],
      ['stage', 'prod'],
      'production',
      ['own-prod', 'pod-prod'],
    ],
    ['one that has no overlay', ['local', 'staging', 'production'], ['staging', 'production'], 'local', []],
    [
      'a folder that is no environment',
      ['staging', 'production'],
      ['staging', 'production', 'shared'],
      'staging',
      ['own-shared', 'own-staging', 'pod-shared', 'pod-staging'],
    ],
    [
      'one overlay alone, which may be for all',
      ['staging', 'production'],
      ['production'],
      'staging',
      ['own-production', 'pod-production'],
    ],
  ])('%s', async (_, environments, folders, environment, expected) => {
    const files = Object.assign({ 'cutover.yml': release(...environments) }, ...folders.map(overlay));
    expect((await read(files, environment)).names).toEqual(expected);
  });
});

test('objects of an overlay that are written in JSON are no objects of their own', async () => {
  const { manifests } = await workspaceOf({
    'kustomization.yaml': 'namePrefix: a-\nresources: [one.json]\n',
    'one.json': '{ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "one" } }',
  });
  expect(manifests.map(({ name }) => name)).toEqual(['a-one']);
  expect(manifests[0]?.document.position(['kind'])).toMatchObject({ line: 1, file: { path: 'one.json' } });
});

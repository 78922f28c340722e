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
    ['overlays are not built here', undefined],
  ])('are read as plain files where %s, patches left out', async (reason, processes) => {
    const workspace = await readWorkspace({ root: overlays, processes });
    expect(workspace.manifests.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'Deployment gateway',
      'Service alone',
    ]);
    expect(workspace.skips.length).toBeGreaterThan(0);
    for (const skip of workspace.skips) expect(skip.reason).toContain(reason);
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

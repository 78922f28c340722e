// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in Compose files
import { describe, expect, test } from '@jest/globals';
import { namedFiles } from '../../../src/validate/configuration/entries.ts';
import { variableOf } from '../../../src/validate/configuration/environment/supplier.ts';
import { suppliersOf } from '../../../src/validate/configuration/environment/suppliers.ts';
import { unknown } from '../../../src/validate/configuration/variables.ts';
import { workspaceOf } from './memory-files.ts';

const release = `name: trading
components: { gateway: { run: [node], env: { OWN: mine } } }
config: [{ file: app.yml }]
`;

/** What the only supplier of app.yml gives to some variables. */
async function given(files: Record<string, string>, names: readonly string[]) {
  const workspace = await workspaceOf({ 'cutover.yml': release, 'app.yml': 'a: 1\n', ...files });
  const [named] = namedFiles(workspace);
  if (!named) throw new Error('no configuration file');
  const found = suppliersOf(workspace, named);
  if ('reason' in found) return found.reason;
  expect(found.suppliers).toHaveLength(1);
  const [supplier] = found.suppliers;
  return names.map((name) => supplier && variableOf(supplier, name)?.value);
}

const pod = (env: string) => `apiVersion: v1
kind: Pod
metadata: { name: gateway }
spec:
  containers:
    - name: gateway
      image: ghcr.io/acme/gateway@sha256:${'0'.repeat(64)}
${env}---
apiVersion: v1
kind: ConfigMap
metadata: { name: one }
data: { A: from-one, B: from-one, C: from-one }
---
apiVersion: v1
kind: Secret
metadata: { name: two }
data: { B: ${Buffer.from('from-data').toString('base64')}, D: ${Buffer.from('from-data').toString('base64')} }
stringData: { B: from-string-data }
`;

describe('what a container gets in Kubernetes', () => {
  test('a later envFrom wins, env wins over all, stringData over data', async () => {
    const env = `      envFrom:
        - configMapRef: { name: one }
        - secretRef: { name: two }
      env:
        - { name: C, value: from-env }
`;
    expect(await given({ 'k8s/a.yml': pod(env) }, ['A', 'B', 'C', 'D', 'E'])).toEqual([
      'from-one',
      'from-string-data',
      'from-env',
      'from-data',
      undefined,
    ]);
  });

  test('the other way round, and with a prefix', async () => {
    const env = `      envFrom:
        - secretRef: { name: two }
        - configMapRef: { name: one }
        - { prefix: X_, configMapRef: { name: one } }
`;
    expect(await given({ 'k8s/a.yml': pod(env) }, ['B', 'X_A', 'X_D'])).toEqual([
      'from-one',
      'from-one',
      undefined,
    ]);
  });

  test('$(NAME) stands for what is set before it', async () => {
    const env = `      envFrom: [{ configMapRef: { name: one } }]
      env:
        - { name: LATE, value: "$(NEXT)" }
        - { name: NEXT, value: "$(A)/x" }
        - { name: BOTH, value: "$(NEXT)-$$(A)" }
        - name: HOST_IP
          valueFrom: { fieldRef: { fieldPath: status.hostIP } }
        - { name: URL, value: "http://$(HOST_IP)" }
`;
    expect(await given({ 'k8s/a.yml': pod(env) }, ['LATE', 'NEXT', 'BOTH', 'HOST_IP', 'URL'])).toEqual([
      '$(NEXT)',
      'from-one/x',
      'from-one/x-$(A)',
      unknown,
      unknown,
    ]);
  });

  test('an optional key that is missing leaves what envFrom gave', async () => {
    const env = `      envFrom: [{ configMapRef: { name: one } }]
      env:
        - name: A
          valueFrom: { secretKeyRef: { name: two, key: gone, optional: true } }
        - name: B
          valueFrom: { secretKeyRef: { name: two, key: gone } }
        - name: D
          valueFrom: { secretKeyRef: { name: elsewhere, key: d } }
`;
    expect(await given({ 'k8s/a.yml': pod(env) }, ['A', 'B', 'D'])).toEqual(['from-one', undefined, unknown]);
  });
});

describe('what a container gets from Compose', () => {
  test('a later env_file wins, environment wins over all, .env fills in', async () => {
    const files = {
      'compose.yml': `services:
  gateway:
    image: gateway:1
    env_file: [a.env, { path: b.env }]
    environment: { C: from-compose, D: "\${OUTER}-\${UNSET:-x}", E: }
`,
      'a.env': 'A=from-a\nB=from-a\nC=from-a\n',
      'b.env': 'B=from-b\n',
      '.env': 'OUTER=outer\n',
    };
    expect(await given(files, ['A', 'B', 'C', 'D', 'E', 'F'])).toEqual([
      'from-a',
      'from-b',
      'from-compose',
      unknown,
      unknown,
      undefined,
    ]);
  });
});

describe('where a component runs', () => {
  test('nowhere else than on the local target: env of cutover.yml', async () => {
    expect(await given({}, ['OWN', 'PORT', 'OTHER'])).toEqual(['mine', unknown, undefined]);
  });

  test('nothing that runs it: a reason', async () => {
    const files = { 'compose.yml': 'services: { redis: { image: redis:7 } }\n' };
    expect(await given(files, [])).toMatch(/no workload or service runs component gateway/);
  });

  test('the workloads of the environment that is released to', async () => {
    const files = {
      'cutover.yml': release,
      'app.yml': 'a: 1\n',
      'deploy/prod/pod.yml': pod('      env: [{ name: WHERE, value: production }]\n'),
      'deploy/staging/pod.yml': pod('      env: [{ name: WHERE, value: staging }]\n'),
    };
    const where = async (environment: string | undefined) => {
      const workspace = await workspaceOf(files, environment);
      const found = namedFiles(workspace).map((named) => suppliersOf(workspace, named))[0];
      return found && 'suppliers' in found
        ? found.suppliers.map((supplier) => variableOf(supplier, 'WHERE')?.value)
        : undefined;
    };
    expect(await where('production')).toEqual(['production']);
    expect(await where('staging')).toEqual(['staging']);
    expect(await where(undefined)).toEqual(['production', 'staging']);
  });
});

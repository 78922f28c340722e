import { describe, expect, test } from '@jest/globals';
import { builtImages } from '../../../src/validate/cross-file/built-images.ts';
import { colorLabel, colorOfName, componentName } from '../../../src/validate/cross-file/colors.ts';
import { holders } from '../../../src/validate/cross-file/holders.ts';
import { environmentOf, nearestTo } from '../../../src/validate/cross-file/scope.ts';
import { validate } from '../../../src/validate/engine.ts';
import { crossFileRules } from '../../../src/validate/rules/cross-file/index.ts';
import { rules } from '../../../src/validate/rules/index.ts';
import { workspaceOf } from '../../support/validate-workspace.ts';

describe('environmentOf', () => {
  test.each([
    ['k8s/prod/gateway.yml', 'production'],
    ['k8s/overlays/Staging/gateway.yml', 'staging'],
    ['k8s/base/gateway.yml', undefined],
    ['k8s/production.yml', undefined],
    ['k8s/load-test.yml', undefined],
  ])('%s', (path, environment) => {
    expect(environmentOf({ path, text: '' })).toBe(environment);
  });
});

describe('names and colours', () => {
  test.each([
    ['gateway-green', 'green', 'gateway'],
    ['gateway-canary', undefined, 'gateway'],
    ['gateway-v12', undefined, 'gateway'],
    ['evergreen', undefined, 'evergreen'],
    ['green', undefined, 'green'],
  ])('%s', (name, color, component) => {
    expect(colorOfName(name)).toBe(color);
    expect(componentName(name)).toBe(component);
  });

  test('a label tells a colour by its value', () => {
    expect(colorLabel({ app: 'gateway', 'acme.example/slot': 'blue' })).toEqual({
      key: 'acme.example/slot',
      color: 'blue',
    });
    expect(colorLabel({ app: 'greenhouse' })).toBeUndefined();
  });
});

const configMap = (namespace: string | undefined, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n${namespace ? `  namespace: ${namespace}\n` : ''}data:\n  ${data}\n`;

const pod = (namespace: string | undefined, key: string) => `apiVersion: v1
kind: Pod
metadata:
  name: gateway
${namespace ? `  namespace: ${namespace}\n` : ''}spec:
  containers:
    - name: gateway
      image: gateway:1
      env:
        - name: VALUE
          valueFrom:
            configMapKeyRef:
              name: settings
              key: ${key}
`;

const rule = (id: string) => crossFileRules.filter((each) => each.id === id);

const found = async (files: Record<string, string>, id = 'config-map-reference') => {
  const { findings, skips } = validate(await workspaceOf(files), rule(id));
  return { findings: findings.map(({ message }) => message), skips: skips.map(({ reason }) => reason) };
};

describe('where a reference is looked up', () => {
  test('in its own namespace: one of the same name elsewhere is another object', async () => {
    const { findings } = await found({ 'a.yml': configMap('one', 'A: b'), 'b.yml': pod('two', 'A') });
    expect(findings).toEqual([expect.stringContaining('only in namespace "one"')]);
  });

  test('without a namespace it may be any', async () => {
    const { findings } = await found({ 'a.yml': configMap('one', 'A: b'), 'b.yml': pod(undefined, 'A') });
    expect(findings).toEqual([]);
  });

  test('in the same folder first: the keys of another variant do not count', async () => {
    const files = {
      'one/settings.yml': configMap(undefined, 'A: b'),
      'two/settings.yml': configMap(undefined, 'B: b'),
      'two/pod.yml': pod(undefined, 'A'),
    };
    expect((await found(files)).findings).toEqual([expect.stringContaining('the key "A"')]);
  });

  test('never in the folder of another environment', async () => {
    const files = {
      'k8s/staging/settings.yml': configMap(undefined, 'A: b'),
      'k8s/production/pod.yml': pod(undefined, 'A'),
    };
    expect((await found(files)).findings).toEqual([expect.stringContaining('k8s/staging/settings.yml')]);
  });

  test('what a chart may make is left out with its reason, a near miss is told nevertheless', async () => {
    const chart = {
      'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
      'chart/templates/settings.yaml': 'kind: {{ .Values.kind }}\n',
    };
    const absent = await found({ ...chart, 'pod.yml': pod('one', 'A') });
    expect(absent.findings).toEqual([]);
    expect(absent.skips).toContainEqual(expect.stringContaining('chart/templates/settings.yaml'));
    const near = { 'a.yml': configMap('one', 'A: b').replace('name: settings', 'name: setting') };
    const misspelt = await found({ ...chart, ...near, 'pod.yml': pod('one', 'A') });
    expect(misspelt.findings).toEqual([expect.stringContaining('did you mean "setting"?')]);
  });
});

test('a port number in quotes is told once, by the schema', async () => {
  const workload =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: gateway, labels: { app: gateway } }\nspec:\n  containers:\n    - { name: gateway, image: gateway:1, ports: [{ containerPort: 8080 }] }\n';
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: { name: gateway }\nspec:\n  selector: { app: gateway }\n  ports:\n    - { port: 80, targetPort: "8080" }\n';
  const { findings } = validate(await workspaceOf({ 'pod.yml': workload, 'service.yml': service }), rules);
  const told = findings.filter(({ file, message }) => file === 'service.yml' && message.includes('8080'));
  expect(told.map((finding) => `${finding.rule}:${finding.line}: ${finding.message}`)).toEqual([
    'schema:7: "8080" is taken for a port\'s name; write the number without quotes',
  ]);
});

test('nearestTo keeps what shares the most folders', async () => {
  const { manifests } = await workspaceOf({
    'a/b/pod.yml': pod(undefined, 'A'),
    'a/b/near.yml': configMap(undefined, 'A: b'),
    'a/far.yml': configMap(undefined, 'A: b'),
  });
  const from = manifests.find(({ kind }) => kind === 'Pod');
  const others = manifests.filter(({ kind }) => kind === 'ConfigMap').map((manifest) => ({ manifest }));
  const nearest = from && nearestTo(from, others);
  expect(nearest?.map(({ manifest }) => manifest.document.file.path)).toEqual(['a/b/near.yml']);
});

describe('Secrets that other objects make', () => {
  const object = (kind: string, rest: string, apiVersion = 'example.com/v1') =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: own\n${rest}`;

  test.each([
    ['ExternalSecret', object('ExternalSecret', 'spec: { data: [{ secretKey: A }] }'), 'own', ['A']],
    [
      'with a template',
      object('ExternalSecret', 'spec: { target: { name: x, template: {} } }'),
      'x',
      undefined,
    ],
    ['SealedSecret', object('SealedSecret', 'spec: { encryptedData: { A: b } }'), 'own', ['A']],
    ['Certificate', object('Certificate', 'spec: { secretName: tls }'), 'tls', undefined],
    ['Crossplane', object('Database', 'spec: { writeConnectionSecretToRef: { name: db } }'), 'db', undefined],
    ['CSI', object('SecretProviderClass', 'spec: { secretObjects: [{ secretName: s }] }'), 's', undefined],
    ['a plain one', object('Secret', 'stringData: { A: b }', 'v1'), 'own', ['A']],
    ['one that is filled later', object('Secret', 'type: Opaque', 'v1'), 'own', undefined],
  ])('%s', async (_, text, name, keys) => {
    const [holder] = holders(await workspaceOf({ 'a.yml': text }), 'Secret').anywhere(name);
    expect(holder?.name).toBe(name);
    expect(holder?.keys && [...holder.keys]).toEqual(keys);
  });
});

describe('images that the release builds', () => {
  const variable = ['$', '{NAME}'].join('');
  const compose = (image: string) => `services:\n  gateway:\n    build: .\n    image: ${image}\n`;

  test.each([
    ['ghcr.io/acme/gateway:1', ['ghcr.io/acme/gateway'], undefined],
    [`ghcr.io/acme/gateway:${variable}`, ['ghcr.io/acme/gateway'], undefined],
    ['registry.example:5000/gateway', ['registry.example:5000/gateway'], undefined],
    [`${variable}/gateway:1`, [], `${variable}/gateway:1`],
  ])('%s', async (image, repositories, unknown) => {
    const built = builtImages(await workspaceOf({ 'compose.yml': compose(image) }));
    expect([...built.repositories]).toEqual(repositories);
    expect(built.unknown).toBe(unknown);
  });

  test('nothing is found, and that is said, where nobody says what is built', async () => {
    const { findings, skips } = await found({ 'pod.yml': pod('one', 'A') }, 'image-known');
    expect(findings).toEqual([]);
    expect(skips).toEqual([expect.stringContaining('nothing in the workspace says')]);
  });
});

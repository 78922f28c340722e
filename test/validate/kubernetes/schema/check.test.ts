import { describe, expect, test } from '@jest/globals';
import { pathText } from '../../../../src/validate/document.ts';
import { validate } from '../../../../src/validate/engine.ts';
import { schemaReport } from '../../../../src/validate/kubernetes/schema/check.ts';
import { kubernetesRules } from '../../../../src/validate/rules/kubernetes/index.ts';
import { manifest, workspaceOf } from './manifests.ts';

type Value = Readonly<Record<string, unknown>>;

const schemaRules = kubernetesRules.filter(({ layer }) => layer === 'schema');

const findings = (values: readonly Value[], version?: string) =>
  validate(workspaceOf(values, version), schemaRules).findings;

const told = (values: readonly Value[], version?: string) =>
  findings(values, version).map(({ rule, path, message }) => `${rule} ${path}: ${message}`);

const skips = (value: Value, version?: string) =>
  schemaReport(workspaceOf([value], version)).skipped.map(({ reason }) => reason);

const api = (apiVersion: string, kind: string): Value => ({ apiVersion, kind, metadata: { name: 'one' } });

describe('API versions on clusters of different age', () => {
  test.each([
    ['1.21', 'networking.k8s.io/v1beta1', 'Ingress', 'api-deprecated'],
    ['1.22', 'networking.k8s.io/v1beta1', 'Ingress', 'api-removed'],
    ['1.24', 'batch/v1beta1', 'CronJob', 'api-deprecated'],
    ['1.25', 'batch/v1beta1', 'CronJob', 'api-removed'],
    ['1.20', 'batch/v1', 'CronJob', 'newer-than-cluster'],
    ['1.22', 'autoscaling/v2', 'HorizontalPodAutoscaler', 'newer-than-cluster'],
    ['1.33', 'resource.k8s.io/v1', 'DeviceClass', 'newer-than-cluster'],
    ['1.32', 'v1', 'Endpoints', undefined],
    ['1.33', 'v1', 'Endpoints', 'api-deprecated'],
    ['1.28', 'flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', undefined],
    ['1.31', 'flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 'api-deprecated'],
    ['1.32', 'flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 'api-removed'],
  ])('%s: %s %s is told by %s', (version, apiVersion, kind, rule) => {
    const rules = findings([api(apiVersion, kind)], version)
      .map((finding) => finding.rule)
      .filter((id) => /^api-|^newer-|^unknown-kind/.test(id));
    expect(rules).toEqual(rule === undefined ? [] : [rule]);
  });

  test('a kind that a newer cluster may have is not called unknown', () => {
    expect(told([api('apps/v1', 'Swarm')], '1.36')).toEqual([expect.stringContaining('unknown-kind kind')]);
    expect(told([api('apps/v1', 'Swarm')], '1.37')).toEqual([]);
    expect(skips(api('apps/v1', 'Swarm'), '1.37')).toEqual(['no fields of Swarm in apps/v1 are known']);
  });
});

describe('what cannot be checked is left out with a reason', () => {
  test.each([
    ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
    ['cert-manager.io/v1', 'Certificate'],
    ['monitoring.coreos.com/v1', 'PrometheusRule'],
    ['argoproj.io/v1alpha1', 'Application'],
    ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization'],
  ])('%s %s', (apiVersion, kind) => {
    const value = { apiVersion, kind, spec: 'whatever' };
    expect(told([value])).toEqual([]);
    expect(skips(value)).toEqual([
      `no schema for ${kind} in ${apiVersion}: no manifest of the repository defines it`,
    ]);
  });

  test('placeholders, once a manifest', () => {
    const value = manifest(`
      apiVersion: v1
      kind: Service
      metadata: { name: "\${NAME}" }
      spec: { type: "\${TYPE}", ports: [{ port: "{{ port }}" }] }`);
    expect(told([value])).toEqual([]);
    expect(skips(value)).toHaveLength(1);
  });
});

test('no value of a secret is told', () => {
  const values = [
    manifest(`
      apiVersion: v1
      kind: Secret
      metadata: { name: one }
      type: kubernetes.io/tls
      data: { password: "hunter2!", pin: 133742, flag: true, list: [hunter2] }
      stringData: { pin: 133742, nested: { deep: hunter2 } }`),
    manifest(`
      apiVersion: v1
      kind: Pod
      metadata: { name: one }
      spec:
        containers:
          - name: one
            image: one
            env: [{ name: PASSWORD, value: 133742 }, { name: PASSWORD, value: hunter2 }, { name: A, value: [hunter2] }]`),
  ];
  const text = told(values).join('\n');
  expect(text.split('\n').length).toBeGreaterThan(6);
  expect(text).not.toMatch(/hunter2|133742/);
});

describe('messages', () => {
  const deployment = (container: string) =>
    manifest(`
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: gateway }
      spec:
        selector: { matchLabels: { app: gateway } }
        template:
          metadata: { labels: { app: gateway } }
          spec: { containers: [{ name: gateway, image: gateway, ${container} }] }`);
  const at = 'spec/template/spec/containers/0';

  test.each([
    [
      'imagePullPolcy: Always',
      `unknown-field ${at}/imagePullPolcy: "imagePullPolcy" is not a field of Container, did you mean "imagePullPolicy"?`,
    ],
    [
      'env: [{ name: A, value: 1 }]',
      `schema ${at}/env/0/value: value is a number, it takes a text: put it in quotes`,
    ],
    [
      'ports: [{ containerPort: "80" }]',
      `schema ${at}/ports/0/containerPort: containerPort is a text, it takes a whole number: write it without quotes`,
    ],
    ['ports: [{ containerPort: 0 }]', `schema ${at}/ports/0/containerPort: 0 is not a port: 1 to 65535`],
    [
      'imagePullPolicy: Allways',
      `schema ${at}/imagePullPolicy: "Allways" is not one of Always, IfNotPresent, Never, did you mean "Always"?`,
    ],
    [
      'resources: { limits: { memory: 1GB } }',
      `quantity ${at}/resources/limits/memory: "1GB" is not a quantity, did you mean "1G"?`,
    ],
    [
      'readinessProbe: {}',
      `exclusive-fields ${at}/readinessProbe: one of exec, grpc, httpGet, tcpSocket is required`,
    ],
    [
      'volumeMounts: [{ name: a, mountPath: /a }, { name: b, mountPath: /a }]',
      `duplicate-item ${at}/volumeMounts/1/mountPath: mountPath /a is the same as in item 0`,
    ],
  ])('%s', (container, message) => {
    expect(told([deployment(container)])).toEqual([message]);
  });
});

test('a flood of unknown fields is told whole, with guesses for the first ones only', () => {
  const flood = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`replicas${at}`, 1]));
  const value = { ...api('apps/v1', 'Deployment'), spec: flood };
  const unknown = schemaReport(workspaceOf([value])).problems.filter(({ rule }) => rule === 'unknown-field');
  expect(unknown).toHaveLength(1000);
  const guessed = unknown.filter(({ message }) => message.includes('did you mean')).length;
  expect(guessed).toBeGreaterThan(0);
  expect(guessed).toBeLessThanOrEqual(200);
});

test('what nests without end is left out with a reason', () => {
  let schema: Value = {};
  for (let at = 0; at < 2000; at += 1) schema = { properties: { a: schema } };
  const value = {
    ...api('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
    spec: { versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }] },
  };
  expect(skips(value)).toEqual(['what is nested deeper than 500 levels was not checked']);
});

describe('custom resources', () => {
  const definition = (schema: Value): Value => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: schema } } },
        },
      ],
    },
  });
  const messages = (schema: Value, spec: unknown) =>
    schemaReport(workspaceOf([definition(schema), { ...api('example.com/v1', 'Thing'), spec }]))
      .problems.filter(({ rule }) => rule === 'custom-resource')
      .map(({ path, message }) => `${pathText(path)}: ${message}`);
  const object = (properties: Value, more: Value = {}) => ({ type: 'object', properties, ...more });

  test.each<[string, Value, unknown, string[]]>([
    ['what is open', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, { a: { b: 1 } }, []],
    [
      'an object without properties',
      { type: 'object' },
      { a: 1 },
      ['spec/a: "a" is not a field of this kind'],
    ],
    [
      'a map',
      { type: 'object', additionalProperties: { type: 'integer' } },
      { a: 1, b: 'x' },
      ['spec/b: b is a text, it takes a whole number'],
    ],
    [
      'an embedded resource',
      object({ pod: { type: 'object', 'x-kubernetes-embedded-resource': true } }),
      { pod: { kind: 'Pod' } },
      [],
    ],
    ['an integer or text', object({ p: { 'x-kubernetes-int-or-string': true } }), { p: '80%' }, []],
    [
      'neither integer nor text',
      object({ p: { 'x-kubernetes-int-or-string': true } }),
      { p: true },
      ['spec/p: p is a truth value, it takes a whole number or a text'],
    ],
    ['a nullable', object({ p: { type: 'string', nullable: true } }), { p: null }, []],
    ['an empty one', object({ p: { type: 'string' } }), { p: null }, ['spec/p: p is empty, it takes a text']],
    [
      'a required one with a default',
      object({ p: { type: 'string', default: 'x' } }, { required: ['p'] }),
      {},
      [],
    ],
    ['a required one', object({ p: { type: 'string' } }, { required: ['p'] }), {}, ['spec: p is required']],
    [
      'anyOf',
      object({ p: { type: 'string', anyOf: [{ pattern: '^a' }, { pattern: '^b' }] } }),
      { p: 'c' },
      ['spec/p: p fits none of the 2 forms that are allowed'],
    ],
    [
      'allOf',
      object({ p: { type: 'integer', allOf: [{ minimum: 1 }, { maximum: 3 }] } }),
      { p: 4 },
      ['spec/p: 4 is more than 3'],
    ],
    [
      'not',
      object({ p: { type: 'string', not: { pattern: '^a' } } }),
      { p: 'a' },
      ['spec/p: p has a form that is not allowed'],
    ],
    [
      'nested properties in oneOf',
      object(
        { p: { type: 'integer' }, q: { type: 'integer' } },
        { oneOf: [{ properties: { p: { minimum: 5 } } }, { required: ['q'] }] },
      ),
      { p: 1, q: 1 },
      [],
    ],
    [
      'oneOf after defaults',
      object(
        { kind: { type: 'string', default: 'a' }, value: { type: 'string' } },
        {
          oneOf: [
            { properties: { kind: { enum: ['a'] } } },
            { properties: { kind: { not: { enum: ['a'] } } } },
          ],
        },
      ),
      { value: 'x' },
      [],
    ],
    [
      'an enumeration of numbers',
      object({ p: { type: 'integer', enum: [1, 2] } }),
      { p: 3 },
      ['spec/p: p is not one of 1, 2'],
    ],
    [
      'a pattern that cannot be compiled',
      object({ p: { type: 'string', pattern: '(?P<a>x)' } }),
      { p: 'y' },
      [],
    ],
    [
      'a pattern that could take for ever',
      object({ p: { type: 'string', pattern: '^(a+)+$' } }),
      { p: `${'a'.repeat(40)}!` },
      [],
    ],
  ])('%s', (_name, schema, spec, expected) => {
    expect(messages(schema, spec)).toEqual(expected);
  });

  test('a definition may hold anything', () => {
    for (const broken of [
      null,
      1,
      'x',
      [],
      { properties: 1 },
      { type: 'array', items: 1 },
      { oneOf: 1, anyOf: [1] },
      { enum: 1, required: 2 },
    ]) {
      expect(Array.isArray(messages(broken as Value, { a: [1, { b: null }] }))).toBe(true);
    }
  });
});

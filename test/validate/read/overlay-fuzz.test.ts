import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { workspaceOf } from '../../support/validate-workspace.ts';

/** Kustomizations whose keys are right and whose values may be anything: none may stop the reading. */

const junk = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    '',
    'a',
    'pod.yml',
    '../a',
    [],
    {},
    [null],
    ['a'],
    { name: 'a' },
    { a: null },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const orJunk = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: junk });
const name = fc.constantFrom('a', 'pod', 'settings', '__proto__', 'constructor');

const operation = fc.record({
  op: orJunk(fc.constantFrom('add', 'replace', 'remove', 'test')),
  path: orJunk(fc.constantFrom('/spec', '/spec/containers/0', '/spec/containers/-', '/__proto__/a', '', '/')),
  value: junk,
});
const target = fc.record(
  { kind: orJunk(fc.constantFrom('Pod', '.*', '[')), name: orJunk(name) },
  { requiredKeys: [] },
);
const over = fc.record({
  kind: fc.constant('Pod'),
  apiVersion: fc.constant('v1'),
  metadata: junk,
  spec: junk,
});
const patchText = fc.oneof(fc.array(operation), over, junk).map((value) => JSON.stringify(value));
const generator = fc.record(
  {
    name: orJunk(name),
    behavior: orJunk(fc.constantFrom('create', 'merge', 'replace')),
    literals: orJunk(fc.array(fc.constantFrom('a=b', '__proto__=c', '="', 'x'))),
    files: orJunk(fc.array(fc.constantFrom('pod.yml', 'k=pod.yml', 'none'))),
    envs: orJunk(fc.array(fc.constantFrom('pod.yml', 'none'))),
    options: junk,
  },
  { requiredKeys: ['name'] },
);
const kustomization = fc.record(
  {
    resources: orJunk(fc.constant(['pod.yml'])),
    namespace: orJunk(name),
    namePrefix: orJunk(name),
    commonLabels: orJunk(fc.dictionary(name, junk)),
    commonAnnotations: junk,
    labels: orJunk(
      fc.array(fc.record({ pairs: junk, includeSelectors: fc.boolean(), includeTemplates: junk })),
    ),
    generatorOptions: junk,
    configMapGenerator: orJunk(fc.array(generator)),
    secretGenerator: orJunk(fc.array(generator)),
    patches: orJunk(fc.array(fc.record({ patch: patchText, target }, { requiredKeys: ['patch'] }))),
    patchesStrategicMerge: orJunk(fc.array(patchText.map((text) => `${text}\n`))),
    patchesJson6902: orJunk(fc.array(fc.record({ patch: patchText, target }))),
    replicas: orJunk(fc.array(fc.record({ name: orJunk(name), count: junk }))),
    images: orJunk(
      fc.array(fc.record({ name: junk, newName: junk, newTag: junk, digest: junk }, { requiredKeys: [] })),
    ),
  },
  { requiredKeys: ['resources'] },
);
const resource = fc.record({
  apiVersion: fc.constantFrom('v1', 'apps/v1', 'a.b/v1'),
  kind: fc.constantFrom(
    'Pod',
    'Deployment',
    'CronJob',
    'Service',
    'Ingress',
    'RoleBinding',
    'ServiceAccount',
    'List',
  ),
  metadata: orJunk(fc.record({ name, labels: junk })),
  spec: orJunk(
    fc.record({ template: junk, containers: orJunk(fc.array(junk)), selector: junk, volumes: junk }),
  ),
  items: junk,
  subjects: junk,
});

test('any of them is built or skipped with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(kustomization, fc.array(resource, { maxLength: 3 }), async (text, resources) => {
      const pods = resources.map((value) => JSON.stringify(value)).join('\n---\n');
      const read = await workspaceOf({ 'kustomization.yaml': JSON.stringify(text), 'pod.yml': pods });
      for (const { document } of read.manifests) {
        const { line, column } = document.position(['metadata', 'name']);
        expect(line * column).toBeGreaterThan(0);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

import { describe, expect, test } from '@jest/globals';
import { validate } from '../../../src/validate/engine.ts';
import { configMapReference } from '../../../src/validate/rules/cross-file/config-map-reference.ts';
import { secretReference } from '../../../src/validate/rules/cross-file/secret-reference.ts';
import { workspaceOf } from '../../support/validate-workspace.ts';

/** ConfigMaps and Secrets that kustomize makes, where there is no kubectl: none is called missing, and missing ones still are. */

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway, namespace: base }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec:
      containers:
        - name: gateway
          image: a:1
          env:
            - { name: LEVEL, valueFrom: { configMapKeyRef: { name: settings, key: LEVEL } } }
            - { name: REGION, valueFrom: { configMapKeyRef: { name: settings, key: REGION } } }
            - { name: PASSWORD, valueFrom: { secretKeyRef: { name: login, key: password } } }
`;
const generators = `configMapGenerator:
  - { name: settings, envs: [settings.properties] }
secretGenerator:
  - { name: login, literals: [password=made-up] }
`;
const base = (text = generators) => ({
  'base/kustomization.yaml': `namePrefix: app-\nresources: [deployment.yml]\n${text}`,
  'base/deployment.yml': deployment,
  'base/settings.properties': 'LEVEL=info\n',
});
const overlay = (name: string, text = '') => ({
  [`overlays/${name}/kustomization.yaml`]: `namespace: ${name}\nnameSuffix: -x\nresources: [../../base]\n${text}`,
});
const region = 'configMapGenerator: [{ name: settings, behavior: merge, literals: [REGION=eu] }]\n';

async function found(files: Record<string, string>) {
  const { findings } = validate(await workspaceOf(files), [configMapReference, secretReference]);
  return findings.map(({ file, line, message }) => `${file}:${line} ${message}`);
}

const noRegion =
  'base/deployment.yml:14 env REGION of container "gateway" asks ConfigMap "app-settings-x" for the key "REGION", which it does not have';

describe('generators without kubectl', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['a key that an overlay merges in', { ...base(), ...overlay('one', region) }, []],
    [
      'a key that one of two overlays has',
      { ...base(), ...overlay('one', region), ...overlay('two') },
      [noRegion],
    ],
    ['a key that no overlay has', { ...base(), ...overlay('one') }, [noRegion]],
    [
      'keys that an overlay takes away',
      { ...base(), ...overlay('one', region.replace('merge', 'replace')) },
      [
        'base/deployment.yml:13 env LEVEL of container "gateway" asks ConfigMap "app-settings-x" for the key "LEVEL", which it does not have',
      ],
    ],
    [
      'a Secret that nothing makes',
      { ...base(generators.replace('name: login', 'name: logins')), ...overlay('one', region) },
      [
        'base/deployment.yml:15 env PASSWORD of container "gateway" names Secret "login", which is in no manifest of its namespace',
      ],
    ],
    [
      'generators of what is not built here still count',
      { ...base(), ...overlay('one', `${region}replacements: []\n`) },
      [],
    ],
  ])('%s', async (_, files, expected) => {
    expect(await found(files)).toEqual(expected);
  });
});

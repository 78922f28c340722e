import { describe, expect, test } from '@jest/globals';
import type { Document } from '../../../src/validate/document.ts';
import { imageReference } from '../../../src/validate/kubernetes/images.ts';
import { preStopSeconds } from '../../../src/validate/kubernetes/lifecycle.ts';
import { allowsDns, egressPolicyOf } from '../../../src/validate/kubernetes/network-policies.ts';
import { patience, question } from '../../../src/validate/kubernetes/probes.ts';
import { amountOf } from '../../../src/validate/kubernetes/replicas.ts';
import { labelSelector, matches, SelectorIndex } from '../../../src/validate/kubernetes/selectors.ts';
import type { Manifest } from '../../../src/validate/workspace.ts';

const document: Document = {
  file: { path: 'k8s/all.yml', text: '' },
  index: 0,
  value: {},
  position: () => ({ line: 1, column: 1, offset: 0 }),
  extent: () => undefined,
};

const manifest = (kind: string, name: string, more: Partial<Manifest> = {}): Manifest => ({
  document,
  apiVersion: 'networking.k8s.io/v1',
  kind,
  name,
  namespace: 'trading',
  value: {},
  ...more,
});

describe('selectors', () => {
  const labels = { app: 'gateway', color: 'blue' };
  test.each([
    [{}, true],
    [{ matchLabels: { app: 'gateway' } }, true],
    [{ matchLabels: { app: 'gateway', color: 'green' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['orders', 'gateway'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['gateway'] }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['web'] }] }, true],
    [{ matchExpressions: [{ key: 'color', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, true],
    [{ matchLabels: { app: 'gateway' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'Like', values: ['gateway'] }] }, false],
  ])('%j: %j', (written, selects) => {
    const selector = labelSelector(written);
    expect(selector && matches(selector, labels)).toBe(selects);
    const item = { manifest: manifest('Service', 'a'), selector: selector ?? { requirements: [] } };
    expect(new SelectorIndex([item]).selecting(labels, manifest('Deployment', 'b'))).toHaveLength(
      selects ? 1 : 0,
    );
  });

  test('a missing selector selects nothing', () => {
    expect(labelSelector(undefined)).toBeUndefined();
    expect(labelSelector(null)).toBeUndefined();
  });

  test('namespaces that are stated have to agree', () => {
    const selector = labelSelector({ matchLabels: { app: 'gateway' } }) ?? { requirements: [] };
    const index = new SelectorIndex([{ manifest: manifest('Service', 'a'), selector }]);
    const found = (namespace: string | undefined) =>
      index.selecting(labels, manifest('Deployment', 'b', { namespace })).length;
    expect([found('trading'), found(undefined), found('staging')]).toEqual([1, 1, 0]);
  });
});

test.each([
  ['gateway', 'gateway', undefined, undefined],
  ['acme/gateway:1.4', 'acme/gateway', '1.4', undefined],
  ['registry:5000/gateway', 'registry:5000/gateway', undefined, undefined],
  ['registry:5000/gateway:1', 'registry:5000/gateway', '1', undefined],
  ['gateway@sha256:ab', 'gateway', undefined, 'sha256:ab'],
  ['registry:5000/a/b:1.4@sha256:ab', 'registry:5000/a/b', '1.4', 'sha256:ab'],
])('image %s', (text, repository, tag, digest) => {
  expect(imageReference(text)).toEqual({ repository, tag, digest });
});

test.each([
  [{ sleep: { seconds: 15 } }, 15],
  [{ exec: { command: ['sleep', '10'] } }, 10],
  [{ exec: { command: ['sh', '-c', 'sleep 5; nginx -s quit; sleep 1m'] } }, 65],
  [{ exec: { command: ['sh', '-c', 'asleep 5'] } }, 0],
  [{ exec: { command: 'sleep 5' } }, 0],
  [{ httpGet: { path: '/drain', port: 80 } }, 0],
  [undefined, 0],
])('preStop %j sleeps %d s', (hook, seconds) => {
  const value = { lifecycle: { preStop: hook } };
  expect(preStopSeconds({ value, path: [], role: 'main', name: 'gateway' })).toBe(seconds);
});

test.each([
  [2, 3, 2],
  ['50%', 3, 2],
  ['1%', 3, 1],
  ['0%', 3, 0],
  ['100%', 3, 3],
  ['half', 3, undefined],
  [undefined, 3, undefined],
])('%j of %d pods, rounded up, is %j', (written, total, amount) => {
  expect(amountOf(written, total, Math.ceil)).toBe(amount);
});

test('probes are compared by what they ask', () => {
  const full = question({ httpGet: { scheme: 'HTTP', port: 80, path: '/' }, periodSeconds: 5 });
  expect(question({ httpGet: { port: 80 } })).toBe(full);
  expect(question({ httpGet: { port: 81 } })).not.toBe(full);
  expect(question({ tcpSocket: { port: 80 } })).not.toBe(full);
  expect(question({ periodSeconds: 5 })).toBeUndefined();
  expect([patience({}), patience({ failureThreshold: 6, periodSeconds: 5 })]).toEqual([30, 30]);
});

describe('a network policy', () => {
  const kubeDns = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  };
  const udp = { port: 53, protocol: 'UDP' };
  test.each([
    ['a rule for all', [{}], true],
    ['kube-dns over UDP', [{ to: [kubeDns], ports: [udp] }], true],
    ['kube-dns over TCP only', [{ to: [kubeDns], ports: [{ port: 53 }] }], false],
    ['all of UDP', [{ to: [kubeDns], ports: [{ protocol: 'UDP' }] }], true],
    ['a range around 53', [{ ports: [{ port: 50, endPort: 60, protocol: 'UDP' }] }], true],
    ['a range beside 53', [{ ports: [{ port: 54, endPort: 60, protocol: 'UDP' }] }], false],
    ['a named port', [{ to: [kubeDns], ports: [{ port: 'dns', protocol: 'UDP' }] }], true],
    ['pods of its own namespace', [{ to: [{ podSelector: {} }], ports: [udp] }], false],
    ['all namespaces', [{ to: [{ namespaceSelector: {} }], ports: [udp] }], true],
    ['a private network', [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [udp] }], true],
    ['one address, all ports', [{ to: [{ ipBlock: { cidr: '10.0.0.1/32' } }] }], false],
    ['nothing', [], false],
  ])('with %s', (_name, egress, open) => {
    const value = { spec: { podSelector: {}, policyTypes: ['Egress'], egress } };
    const policy = egressPolicyOf(manifest('NetworkPolicy', 'p', { value }));
    expect(policy && allowsDns(policy)).toBe(open);
  });

  test.each([
    [{ podSelector: {} }, false],
    [{ podSelector: {}, egress: [{}] }, true],
    [{ podSelector: {}, policyTypes: ['Ingress'], egress: [{}] }, false],
    [{ podSelector: {}, policyTypes: ['Egress'] }, true],
  ])('%j limits egress: %j', (spec, limits) => {
    expect(egressPolicyOf(manifest('NetworkPolicy', 'p', { value: { spec } })) !== undefined).toBe(limits);
  });
});

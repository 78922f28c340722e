import { type Defect, defectsIn } from '../defect.ts';

const pod = defectsIn('kubernetes', 'k8s/deployment.yml');
const service = defectsIn('kubernetes', 'k8s/service.yml');
const policies = defectsIn('kubernetes', 'k8s/policies.yml');
const ingress = defectsIn('kubernetes', 'k8s/ingress.yml');
const settings = defectsIn('kubernetes', 'k8s/settings.yml');

const file = (name: string, path: string, put: string, more: Partial<Defect> = {}): Defect => ({
  name,
  area: 'kubernetes',
  changes: [{ file: path, put }],
  ...more,
});

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: markets.acme.example
spec:
  group: acme.example
  scope: Namespaced
  names: { plural: markets, singular: market, kind: Market, listKind: MarketList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [symbol]
              properties:
                symbol: { type: string }
                depth: { type: integer, minimum: 1, maximum: 50 }
`;

/** What the API server refuses. */
export const schemaDefects: readonly Defect[] = [
  {
    name: 'port out of range',
    area: 'kubernetes',
    alone: true,
    changes: [
      { file: 'k8s/deployment.yml', find: 'containerPort: $P', put: 'containerPort: «schema»70800' },
      { file: 'cutover.yml', find: 'port: $P', put: 'port: «component-reference»$P' },
    ],
  },
  pod('negative replicas', 'replicas: 3', 'replicas: «schema»-1', { alone: true }),
  pod('text for a number', 'revisionHistoryLimit: 5', 'revisionHistoryLimit: «schema»five'),
  pod(
    'no image',
    '        - name: $A\n          image: ghcr.io/acme/$A:1.4.2@sha256:$D\n',
    '        - «schema»name: $A\n',
    { alone: true },
  ),
  pod('number as the value of a variable', 'value: eu-central', 'value: «schema»8080'),
  pod(
    'pull policy that is not',
    '          ports:\n            - name: http',
    '          imagePullPolicy: «schema»Allways\n          ports:\n            - name: http',
  ),
  service('port 0', 'port: 80\n', 'port: «schema»0\n', { alone: true }),
  service('type that is not', 'type: ClusterIP', 'type: «schema»ClusterIp'),
  ingress('path type that is not', 'pathType: Prefix', 'pathType: «schema»Prefixed'),
  settings('number in a ConfigMap', 'LIMITS: "25"', 'LIMITS: «schema»25'),
  pod('replicas misspelt', '  revisionHistoryLimit: 5', '  «unknown-field»revisonHistoryLimit: 5'),
  pod(
    'key on the wrong level',
    '      automountServiceAccountToken: false',
    '      automountServiceAccountToken: false\n      «unknown-field»readOnlyRootFilesystem: true',
  ),
  service(
    'unknown key of a port',
    '      targetPort: http',
    '      targetPort: http\n      «unknown-field»targetport: http',
  ),
  policies(
    'unknown key of a budget',
    '  maxUnavailable: 1\n',
    '  maxUnavailable: 1\n  «unknown-field»minAvailible: 1\n',
  ),
  pod(
    'value and valueFrom',
    '            - name: LOG_LEVEL\n              valueFrom:',
    '            - name: LOG_LEVEL\n              value: INFO\n              «exclusive-fields»valueFrom:',
  ),
  policies(
    'both bounds of a budget',
    '  maxUnavailable: 1\n',
    '  maxUnavailable: 1\n  «exclusive-fields»minAvailable: 2\n',
    { alone: true },
  ),
  pod('variable twice', '            - name: REGION\n', '            - name: «duplicate-item»LOG_LEVEL\n'),
  service(
    'port name twice',
    '      targetPort: http\n',
    '      targetPort: http\n    - name: «duplicate-item»http\n      port: 81\n      targetPort: http\n',
    { alone: true },
  ),
  pod(
    'request over limit',
    'cpu: 500m\n              memory: 256Mi',
    'cpu: 500m\n              memory: «quantity»1Gi',
  ),
  pod('MB for M', 'memory: 512Mi', 'memory: «quantity»512MB', { alone: true }),
  pod(
    'fraction of bytes',
    'memory: 256Mi\n            limits:\n              memory: 512Mi',
    'memory: «quantity»256Mi\n            limits:\n              memory: «quantity»512m',
    { alone: true },
  ),
  {
    name: 'kind misspelt',
    area: 'kubernetes',
    alone: true,
    changes: [
      { file: 'k8s/service.yml', find: 'kind: Service', put: 'kind: «unknown-kind»Servise' },
      // So there is no Service that the Ingress could lead to.
      {
        file: 'k8s/ingress.yml',
        find: '              service:\n                name: $A\n',
        put: '              service:\n                name: «ingress-backend»$A\n',
      },
    ],
  },
  pod(
    'Deployment of v1',
    'apiVersion: apps/v1\nkind: Deployment',
    'apiVersion: v1\nkind: «unknown-kind»Deployment',
    { alone: true },
  ),
  policies(
    'budget of an old version',
    'apiVersion: policy/v1\n',
    'apiVersion: «api-removed»policy/v1beta1\n',
    { alone: true },
  ),
  ingress(
    'ingress of an old version',
    'apiVersion: networking.k8s.io/v1\n',
    'apiVersion: «api-removed»networking.k8s.io/v1beta1\n',
    { alone: true },
  ),
  file(
    'endpoints',
    'k8s/endpoints.yml',
    'apiVersion: «api-deprecated»v1\nkind: Endpoints\nmetadata:\n  name: $A-exchange\n  namespace: $N\nsubsets:\n  - addresses:\n      - ip: 192.0.2.10\n    ports:\n      - port: 443\n',
  ),
  {
    name: 'sleep before there was any',
    area: 'kubernetes',
    settings: { kubernetesVersion: '1.27' },
    changes: [
      {
        file: 'k8s/deployment.yml',
        find: '              sleep:\n',
        put: '              «newer-than-cluster»sleep:\n',
      },
    ],
  },
  {
    name: 'custom resource out of range',
    area: 'kubernetes',
    changes: [
      { file: 'k8s/market-definition.yml', put: definition },
      {
        file: 'k8s/markets.yml',
        put: 'apiVersion: acme.example/v1\nkind: Market\nmetadata:\n  name: xvie\n  namespace: $N\nspec:\n  symbol: ACME\n  depth: «custom-resource»500\n',
      },
    ],
  },
  {
    name: 'custom resource without what it requires',
    area: 'kubernetes',
    changes: [
      { file: 'k8s/market-definition.yml', put: definition },
      {
        file: 'k8s/markets.yml',
        put: 'apiVersion: acme.example/v1\nkind: Market\nmetadata:\n  name: xetr\n  namespace: $N\n«custom-resource»spec:\n  depth: 5\n',
      },
    ],
  },
  pod(
    'number behind characters of two units',
    '  labels:\n    app.kubernetes.io/name: $A\n    app',
    '  annotations: { venue: "Zürich 🏦", depth: «schema»10 } # one line\n  labels:\n    app.kubernetes.io/name: $A\n    app',
    { asWritten: true },
  ),
];

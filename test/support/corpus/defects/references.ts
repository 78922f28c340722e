import { workload } from '../bases.ts';
import { type Defect, defectsIn, removed } from '../defect.ts';

const pod = defectsIn('kubernetes', 'k8s/deployment.yml');
const service = defectsIn('kubernetes', 'k8s/service.yml');
const ingress = defectsIn('kubernetes', 'k8s/ingress.yml');
const policies = defectsIn('kubernetes', 'k8s/policies.yml');
const volumes = '        - name: scratch\n          emptyDir:\n            sizeLimit: 64Mi\n';
const env = '            - name: REGION\n              value: eu-central';

const label = 'app.kubernetes.io/name: $A\n';

/** The workload as one colour of two; both have the label that the Service selects. */
const colored = (color: string): string =>
  workload
    .replace('name: $A\n', `name: $A-${color}\n`)
    .replace(`matchLabels:\n      ${label}`, `matchLabels:\n      ${label}      color: ${color}\n`)
    .replace(`      labels:\n        ${label}`, `      labels:\n        ${label}        color: ${color}\n`);

/** Another workload, with a name that the first one would get as a colour. */
const taken = workload
  .replaceAll(label, label.replace('$A', '$A-canary'))
  .replace('name: $A\n', 'name: $A-green\n')
  .replace('replicas: 3', 'replicas: «pdb»3');

/** Names of one file that another one does not have. */
export const referenceDefects: readonly Defect[] = [
  service(
    'selector of nothing',
    '  selector:\n    app.kubernetes.io/name: $A\n',
    '  selector:\n    app.kubernetes.io/name: «service-selector»$A-api\n',
    { alone: true },
  ),
  service('target port by a wrong name', 'targetPort: http', 'targetPort: «target-port»web', { alone: true }),
  service('target port by a wrong number', 'targetPort: http', 'targetPort: «target-port»9999', {
    alone: true,
  }),
  pod(
    'selector outside of the labels',
    '  selector:\n    matchLabels:\n      app.kubernetes.io/name: $A\n',
    '  selector:\n    matchLabels:\n      app.kubernetes.io/name: «deployment-selector»$A-blue\n',
    { alone: true },
  ),
  ingress(
    'backend that is not',
    '              service:\n                name: $A\n',
    '              service:\n                name: «ingress-backend»$A-api\n',
  ),
  ingress(
    'port of a backend that is not',
    '                  name: http\n',
    '                  name: «ingress-backend»web\n',
  ),
  ingress(
    'number of a backend that is not',
    '                  name: http\n',
    '                  number: «ingress-backend»8181\n',
  ),
  pod('ConfigMap that is not', 'name: $A-settings', 'name: «config-map-reference»$A-setings'),
  pod('key of a ConfigMap that is not', 'key: LOG_LEVEL', 'key: «config-map-reference»LOGLEVEL'),
  pod(
    'ConfigMap volume that is not',
    volumes,
    `${volumes}        - name: files\n          configMap:\n            name: «config-map-reference»$A-files\n`,
  ),
  pod(
    'service account that is not',
    'serviceAccountName: $A',
    'serviceAccountName: «service-account-reference»$A-runner',
  ),
  pod(
    'claim that is not',
    volumes,
    `${volumes}        - name: ledger\n          persistentVolumeClaim:\n            claimName: «pvc-reference»$A-ledger\n`,
  ),
  pod(
    'mount of no volume',
    '            - name: scratch\n              mountPath: /tmp\n',
    '            - name: scratch\n              mountPath: /tmp\n            - name: «volume-mount»cache\n              mountPath: /cache\n',
  ),
  pod(
    'priority class that is not',
    '      serviceAccountName: $A\n',
    '      serviceAccountName: $A\n      priorityClassName: «priority-class»latency-critical\n',
  ),
  policies(
    'policy of nothing',
    '  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: $A\n',
    '  «network-policy-selector»podSelector:\n    matchLabels:\n      app.kubernetes.io/name: $A-api\n',
  ),
  {
    name: 'live Service pinned to a colour',
    area: 'kubernetes',
    alone: true,
    changes: [
      {
        file: 'k8s/service.yml',
        find: '    app.kubernetes.io/name: $A\n',
        put: '    app.kubernetes.io/name: $A\n    color: «live-service-pinned»blue\n',
      },
      {
        file: 'k8s/deployment.yml',
        find: '      labels:\n        app.kubernetes.io/name: $A\n',
        put: '      labels:\n        app.kubernetes.io/name: $A\n        color: blue\n',
      },
    ],
  },
  {
    name: 'binding of a role that is not',
    area: 'kubernetes',
    changes: [
      {
        file: 'k8s/binding.yml',
        put: 'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: $A\n  namespace: $N\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: «namespace-reference»$A-reader\nsubjects:\n  - kind: ServiceAccount\n    name: $A\n    namespace: $N\n',
      },
    ],
  },
  {
    name: 'name that a colour would take',
    area: 'kubernetes',
    alone: true,
    changes: [
      {
        file: 'k8s/deployment.yml',
        find: '  name: $A\n  namespace: $N\n  labels',
        put: '  name: «colored-name-collision»$A\n  namespace: $N\n  labels',
      },
      { file: 'k8s/canary.yml', put: taken },
    ],
  },
  {
    name: 'Service of both colours',
    area: 'kubernetes',
    alone: true,
    changes: [
      { file: 'k8s/deployment.yml', put: removed },
      { file: 'k8s/blue.yml', put: colored('blue') },
      { file: 'k8s/green.yml', put: colored('green') },
      { file: 'k8s/service.yml', find: '  selector:\n', put: '  «both-colors-selector»selector:\n' },
    ],
  },
  {
    name: 'image that the release does not build',
    area: 'kubernetes',
    alone: true,
    changes: [
      {
        file: 'k8s/deployment.yml',
        find: 'image: ghcr.io/acme/$A:',
        put: 'image: «image-known»ghcr.io/acme/$A-next:',
      },
      {
        file: 'compose.yml',
        put: 'services:\n  $A:\n    build: .\n    image: ghcr.io/acme/$A\n    restart: unless-stopped\n    mem_limit: 512m\n',
      },
      { file: 'Dockerfile', put: 'FROM scratch\nCOPY $A /$A\nUSER $U\nENTRYPOINT ["/$A"]\n' },
    ],
  },
  {
    name: 'component with another port',
    area: 'kubernetes',
    changes: [{ file: 'cutover.yml', find: 'port: $P', put: 'port: «component-reference»4444' }],
  },
  {
    name: 'component with another health path',
    area: 'kubernetes',
    changes: [{ file: 'cutover.yml', find: 'http: /ready', put: 'http: «component-reference»/healthy' }],
  },
  {
    name: 'folder to build from that is not',
    area: 'dockerfile',
    changes: [
      {
        file: 'cutover.yml',
        find: 'context: services/$A',
        put: 'context: «component-reference»services/$A-api',
      },
    ],
  },
  {
    name: 'route to nothing',
    area: 'kubernetes',
    changes: [
      {
        file: 'k8s/route.yml',
        put: 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: $A\n  namespace: $N\nspec:\n  parentRefs:\n    - name: edge\n      namespace: edge\n  hostnames:\n    - $A.example.com\n  rules:\n    - backendRefs:\n        - name: «http-route-backend»$A-api\n          port: 80\n',
      },
    ],
  },
  {
    name: 'Secret without the key',
    area: 'kubernetes',
    alone: true,
    changes: [
      {
        file: 'k8s/deployment.yml',
        find: env,
        put: '            - name: TOKEN\n              valueFrom:\n                secretKeyRef:\n                  name: $A-token\n                  key: «secret-reference»tokn',
      },
      {
        file: 'k8s/secrets.yml',
        put: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: $A-token\n  namespace: $N\nstringData:\n  token: \${TOKEN_FROM_VAULT}\n`,
      },
    ],
  },
];

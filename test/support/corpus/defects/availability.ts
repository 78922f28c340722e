import { type Defect, defectsIn } from '../defect.ts';

const pod = defectsIn('kubernetes', 'k8s/deployment.yml');
const service = defectsIn('kubernetes', 'k8s/service.yml');
const policies = defectsIn('kubernetes', 'k8s/policies.yml');
const container = '        - name: $A\n          image';
const readiness =
  '          readinessProbe:\n            httpGet:\n              path: /ready\n              port: http\n            periodSeconds: 2\n';
const preStop =
  '          lifecycle:\n            preStop:\n              sleep:\n                seconds: 5\n';
const spread = `      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app.kubernetes.io/name: $A
`;

const autoscaler = (target: string, bounds: string): string => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: $A
  namespace: $N
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${target}
${bounds}  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 60
`;
const bounds = '  minReplicas: 3\n  maxReplicas: 12\n';
const file = 'k8s/deployment.yml';

const scaled = (name: string, fixed: string, hpa: string): Defect => ({
  name,
  area: 'kubernetes',
  alone: true,
  changes: [
    { file, find: '  replicas: 3\n', put: fixed },
    { file: 'k8s/autoscaler.yml', put: hpa },
  ],
});

/** What lets requests fail when pods come and go. */
export const availabilityDefects: readonly Defect[] = [
  {
    name: 'nothing requested',
    area: 'kubernetes',
    changes: [
      {
        file: 'k8s/deployment.yml',
        find: '          resources:\n            requests:\n              cpu: 500m\n              memory: 256Mi\n            limits:\n              memory: 512Mi\n',
        put: '',
      },
      {
        file: 'k8s/deployment.yml',
        find: container,
        put: '        - «requests-limits»name: $A\n          image',
      },
    ],
  },
  pod(
    'no memory limit',
    '          resources:\n            requests:\n              cpu: 500m\n              memory: 256Mi\n            limits:\n              memory: 512Mi\n',
    '          «requests-limits»resources:\n            requests:\n              cpu: 500m\n              memory: 256Mi\n',
  ),
  {
    name: 'no readiness probe',
    area: 'kubernetes',
    alone: true,
    changes: [
      { file, find: readiness, put: '' },
      { file, find: container, put: '        - «readiness-probe»name: $A\n          image' },
    ],
  },
  pod(
    'liveness asks the same',
    '          livenessProbe:\n            httpGet:\n              path: /alive\n              port: http\n            periodSeconds: 10',
    '          «liveness-equals-readiness»livenessProbe:\n            httpGet:\n              path: /ready\n              port: http\n            periodSeconds: 2',
    { alone: true },
  ),
  pod(
    'probe of an undeclared name',
    'path: /ready\n              port: http\n',
    'path: /ready\n              port: «probe-port-declared»htpp\n',
  ),
  pod(
    'probe of another number',
    'path: /alive\n              port: http\n',
    'path: /alive\n              port: «probe-port-declared»9999\n',
  ),
  {
    name: 'one replica',
    area: 'kubernetes',
    alone: true,
    changes: [{ file, find: 'replicas: 3', put: 'replicas: «replicas»1' }],
  },
  {
    name: 'budget that selects nothing',
    area: 'kubernetes',
    alone: true,
    changes: [
      { file, find: 'replicas: 3', put: 'replicas: «pdb»3' },
      {
        file: 'k8s/policies.yml',
        find: 'maxUnavailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: $A\n',
        put: 'maxUnavailable: 1\n  «pdb»selector:\n    matchLabels:\n      app.kubernetes.io/name: $A-api\n',
      },
    ],
  },
  policies('budget that cannot be kept', 'maxUnavailable: 1', 'maxUnavailable: «pdb»0'),
  policies('budget of all replicas', 'maxUnavailable: 1', 'minAvailable: «pdb»3'),
  {
    name: 'all on one node',
    area: 'kubernetes',
    changes: [
      { file, find: spread, put: '' },
      {
        file,
        find: '    spec:\n      serviceAccountName',
        put: '    «spread»spec:\n      serviceAccountName',
      },
    ],
  },
  pod(
    'spread by the labels of another',
    `ScheduleAnyway\n          labelSelector:\n            matchLabels:\n              app.kubernetes.io/name: $A\n`,
    `ScheduleAnyway\n          «spread»labelSelector:\n            matchLabels:\n              app.kubernetes.io/name: $A-old\n`,
  ),
  scaled('replicas beside an autoscaler', '  replicas: «hpa-fixed-replicas»3\n', autoscaler('$A', bounds)),
  scaled('autoscaler of nothing', '  replicas: 3\n', autoscaler('«hpa-target»$A-api', bounds)),
  scaled('autoscaler down to one', '', autoscaler('$A', '  minReplicas: «hpa-target»1\n  maxReplicas: 12\n')),
  scaled(
    'autoscaler that never scales',
    '',
    autoscaler('$A', '  minReplicas: 4\n  maxReplicas: «hpa-target»4\n'),
  ),
  pod(
    'recreated',
    '    type: RollingUpdate\n    rollingUpdate:\n      maxUnavailable: 0\n      maxSurge: 1\n',
    '    type: «rollout-strategy»Recreate\n',
  ),
  pod('all unavailable at once', 'maxUnavailable: 0', 'maxUnavailable: «rollout-strategy»100%'),
  pod(
    'grace shorter than the hook',
    'terminationGracePeriodSeconds: 45',
    'terminationGracePeriodSeconds: «grace-period»4',
  ),
  pod(
    'grace shorter than hook and drain',
    'terminationGracePeriodSeconds: 45',
    'terminationGracePeriodSeconds: «grace-period»15',
  ),
  {
    name: 'no preStop',
    area: 'kubernetes',
    alone: true,
    changes: [
      { file, find: preStop, put: '' },
      { file, find: container, put: '        - «pre-stop»name: $A\n          image' },
    ],
  },
  {
    name: 'no DNS',
    area: 'kubernetes',
    alone: true,
    changes: [
      {
        file: 'k8s/policies.yml',
        find: '  egress:\n    - to:\n        - namespaceSelector:\n            matchLabels:\n              kubernetes.io/metadata.name: kube-system\n          podSelector:\n            matchLabels:\n              k8s-app: kube-dns\n      ports:\n        - protocol: UDP\n          port: 53\n        - protocol: TCP\n          port: 53\n',
        put: '  «network-policy-dns»egress:\n    - to:\n        - ipBlock:\n            cidr: 10.20.0.0/16\n      ports:\n        - protocol: TCP\n          port: 5432\n',
      },
    ],
  },
  service('load balancer for all', 'type: ClusterIP', 'type: «load-balancer-source-ranges»LoadBalancer'),
  service(
    'any source',
    'type: ClusterIP',
    'type: LoadBalancer\n  loadBalancerSourceRanges:\n    - 192.0.2.0/24\n    - «load-balancer-source-ranges»0.0.0.0/0',
  ),
  {
    name: 'namespace default',
    area: 'kubernetes',
    alone: true,
    changes: [
      { file, find: '  namespace: $N\n  labels:', put: '  namespace: «default-namespace»default\n  labels:' },
      // What it leaves behind in the namespace where it belongs is not there for it any more.
      { file, find: 'replicas: 3', put: 'replicas: «pdb»3' },
      { file, find: 'serviceAccountName: $A', put: 'serviceAccountName: «service-account-reference»$A' },
      { file, find: 'name: $A-settings', put: 'name: «config-map-reference»$A-settings' },
    ],
  },
];

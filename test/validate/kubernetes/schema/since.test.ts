import { describe, expect, test } from '@jest/globals';
import { type Path, pathText, valueAt } from '../../../../src/validate/document.ts';
import { problemsOf } from '../../../../src/validate/kubernetes/schema/check.ts';
import { additionsOf } from '../../../../src/validate/kubernetes/schema/since.ts';
import { workspaceOf } from './manifests.ts';

/**
 * Fields and values with the minor version in which k8s.io/api (types.go at the release's tag) has them first. On a
 * cluster of that version nothing is told, one version below it is.
 */

type Row = readonly [field: string, since: number, value: unknown];

const podFields: readonly Row[] = [
  ['os', 23, { name: 'linux' }],
  ['hostUsers', 25, false],
  ['schedulingGates', 26, [{ name: 'a/b' }]],
  ['resourceClaims', 26, [{ name: 'a' }]],
  ['resources', 32, { limits: { cpu: '1' } }],
  ['hostnameOverride', 34, 'a'],
  ['schedulingGroup', 36, {}],
  ['securityContext/appArmorProfile', 30, { type: 'RuntimeDefault' }],
  ['securityContext/supplementalGroupsPolicy', 31, 'Strict'],
  ['securityContext/seLinuxChangePolicy', 32, 'Recursive'],
  ['topologySpreadConstraints/0/minDomains', 24, 2],
  ['topologySpreadConstraints/0/nodeAffinityPolicy', 25, 'Honor'],
  ['topologySpreadConstraints/0/nodeTaintsPolicy', 25, 'Honor'],
  ['topologySpreadConstraints/0/matchLabelKeys', 25, ['pod-template-hash']],
  [
    'affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/matchLabelKeys',
    29,
    ['pod-template-hash'],
  ],
  [
    'affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/mismatchLabelKeys',
    29,
    ['tenant'],
  ],
  ['tolerations/0/operator', 35, 'Gt'],
  ['tolerations/0/operator', 35, 'Lt'],
  ['resourceClaims/0/resourceClaimName', 31, 'a'],
  ['resourceClaims/0/resourceClaimTemplateName', 31, 'a'],
  ['volumes/0/image', 31, { reference: 'a' }],
  ['volumes/0/projected/sources/0/clusterTrustBundle', 29, { path: 'a' }],
  ['volumes/0/projected/sources/0/podCertificate', 34, { keyType: 'ED25519', signerName: 'a/b' }],
  ['volumes/0/ephemeral/volumeClaimTemplate/spec/dataSourceRef/namespace', 26, 'a'],
];

const containerFields: readonly Row[] = [
  ['readinessProbe/terminationGracePeriodSeconds', 21, 5],
  ['livenessProbe/grpc', 23, { port: 80 }],
  ['resources/claims', 26, [{ name: 'a' }]],
  ['resizePolicy', 27, [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }]],
  ['restartPolicy', 28, 'Always'],
  ['restartPolicy', 34, 'OnFailure'],
  ['restartPolicy', 34, 'Never'],
  ['restartPolicyRules', 34, [{ action: 'Restart' }]],
  ['restartPolicyRules/0/action', 35, 'RestartAllContainers'],
  ['lifecycle/preStop/sleep', 29, { seconds: 5 }],
  ['lifecycle/stopSignal', 33, 'SIGTERM'],
  ['volumeMounts/0/recursiveReadOnly', 30, 'Enabled'],
  ['securityContext/appArmorProfile', 30, { type: 'RuntimeDefault' }],
  ['env/0/valueFrom/fileKeyRef', 34, { key: 'a', path: 'b', volumeName: 'c' }],
  ['resources/claims/0/request', 31, 'a'],
];

const under = (prefix: string, rows: readonly Row[]): readonly Row[] =>
  rows.map(([field, since, value]) => [`${prefix}/${field}`, since, value]);

const kinds: Readonly<Record<string, readonly Row[]>> = {
  'v1 Pod': under('spec', podFields),
  'apps/v1 Deployment': under('spec/template/spec/initContainers/0', containerFields),
  'v1 Service': [
    ['spec/loadBalancerClass', 21, 'a/b'],
    ['spec/internalTrafficPolicy', 21, 'Local'],
    ['spec/trafficDistribution', 30, 'PreferClose'],
    ['spec/trafficDistribution', 33, 'PreferSameZone'],
    ['spec/trafficDistribution', 33, 'PreferSameNode'],
  ],
  'autoscaling/v2 HorizontalPodAutoscaler': [
    ['spec/behavior/scaleDown/tolerance', 33, '0.05'],
    ['spec/behavior/scaleUp/tolerance', 33, '0.05'],
  ],
  'policy/v1 PodDisruptionBudget': [['spec/unhealthyPodEvictionPolicy', 26, 'AlwaysAllow']],
  'batch/v1 Job': [
    ['spec/completionMode', 21, 'Indexed'],
    ['spec/suspend', 21, true],
    ['spec/podFailurePolicy', 25, { rules: [] }],
    ['spec/podFailurePolicy/rules/0/action', 28, 'FailIndex'],
    ['spec/backoffLimitPerIndex', 28, 1],
    ['spec/maxFailedIndexes', 28, 1],
    ['spec/podReplacementPolicy', 28, 'Failed'],
    ['spec/successPolicy', 30, { rules: [{ succeededCount: 1 }] }],
    ['spec/managedBy', 30, 'a.b/c'],
  ],
  'batch/v1 CronJob': [
    ['spec/timeZone', 24, 'Etc/UTC'],
    ['spec/jobTemplate/spec/successPolicy', 30, { rules: [{ succeededCount: 1 }] }],
  ],
  'apps/v1 StatefulSet': [
    ['spec/minReadySeconds', 22, 5],
    ['spec/persistentVolumeClaimRetentionPolicy', 23, { whenDeleted: 'Delete' }],
    ['spec/updateStrategy/rollingUpdate/maxUnavailable', 24, 2],
    ['spec/ordinals', 26, { start: 1 }],
    ['spec/volumeClaimTemplates/0/spec/volumeAttributesClassName', 29, 'a'],
    ['spec/volumeClaimTemplates/0/spec/accessModes/0', 22, 'ReadWriteOncePod'],
  ],
  'apps/v1 DaemonSet': [['spec/updateStrategy/rollingUpdate/maxSurge', 21, 1]],
  'networking.k8s.io/v1 NetworkPolicy': [
    ['spec/ingress/0/ports/0/endPort', 21, 90],
    ['spec/egress/0/ports/0/endPort', 21, 90],
  ],
  'networking.k8s.io/v1 IngressClass': [
    ['spec/parameters/namespace', 21, 'a'],
    ['spec/parameters/scope', 21, 'Namespace'],
  ],
  'v1 PersistentVolume': [['spec/accessModes/0', 22, 'ReadWriteOncePod']],
  'v1 ResourceQuota': [['spec/scopes/0', 33, 'VolumeAttributesClass']],
};

const rows = Object.entries(kinds).flatMap(([kind, fields]) =>
  fields.map(([field, since, value]) => [`1.${since}`, kind, field, value] as const),
);

const pathOf = (field: string): Path =>
  field.split('/').map((key) => (/^\d+$/.test(key) ? Number(key) : key));

/** `{ spec: { ports: [{ endPort: 90 }] } }` of `spec/ports/0/endPort`. */
const nested = (path: Path, value: unknown): unknown =>
  path.reduceRight((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);

function newerThan(version: number, [kind, field, value]: readonly [string, string, unknown]) {
  const [apiVersion = '', name = ''] = kind.split(' ');
  const manifest = {
    apiVersion,
    kind: name,
    metadata: { name: 'one' },
    ...(nested(pathOf(field), value) as object),
  };
  expect(valueAt(manifest, pathOf(field))).toBe(value);
  return problemsOf(workspaceOf([manifest], `1.${version}`), 'newer-than-cluster').map(
    ({ path, message }) => `${pathText(path)}: ${message}`,
  );
}

describe('fields and values by the version that brought them', () => {
  test.each(rows)('%s: %s %s %j', (version, kind, field, value) => {
    const since = Number(version.slice(2));
    const row = [kind, field, value] as const;
    expect(newerThan(since, row).filter((text) => text.startsWith(`${field}: `))).toEqual([]);
    expect(newerThan(since - 1, row)).toContainEqual(
      expect.stringMatching(
        new RegExp(`^${field}: .* since Kubernetes ${version}, the cluster has 1\\.${since - 1}$`),
      ),
    );
  });

  test('none that is dated is left out of these kinds', () => {
    const tested = new Map<string, readonly Row[]>([
      ['V1PodSpec', podFields],
      ['V1Container', containerFields],
      ['V1ServiceSpec', kinds['v1 Service'] ?? []],
      ['V1JobSpec', kinds['batch/v1 Job'] ?? []],
      ['V1CronJobSpec', kinds['batch/v1 CronJob'] ?? []],
      ['V1StatefulSetSpec', kinds['apps/v1 StatefulSet'] ?? []],
      ['V1PodDisruptionBudgetSpec', kinds['policy/v1 PodDisruptionBudget'] ?? []],
    ]);
    for (const [type, fields] of tested) {
      const names = fields.map(([field]) => field.replace(/^spec\//, ''));
      expect([...(additionsOf(type)?.keys() ?? ['nothing'])].filter((name) => !names.includes(name))).toEqual(
        [],
      );
    }
  });
});

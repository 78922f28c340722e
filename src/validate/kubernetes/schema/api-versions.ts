/**
 * API versions that came late, are deprecated or are gone, by kind. Sources: the deprecation guide of Kubernetes
 * (kubernetes.io/docs/reference/using-api/deprecation-guide) and, for the versions in between and the alphas, the life
 * cycles written in k8s.io/api at its release tags up to 1.36. Numbers are minor versions of Kubernetes 1.
 */

export interface ApiLife {
  /** First minor version that serves it; undefined: older than 1.20. */
  readonly since?: number;
  readonly deprecated?: number;
  /** First minor version that does not serve it any more. */
  readonly removed?: number;
  /** What to write instead, as an apiVersion; undefined: nothing takes its place, or see `advice`. */
  readonly replacement?: string;
  /** First minor version that serves the replacement. */
  readonly replacementSince?: number;
  readonly advice?: string;
}

const admission = 'ValidatingWebhookConfiguration MutatingWebhookConfiguration';
const validatingPolicy = 'ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding';
const mutatingPolicy = 'MutatingAdmissionPolicy MutatingAdmissionPolicyBinding';
const rbac = 'Role RoleBinding ClusterRole ClusterRoleBinding';
const flow = 'FlowSchema PriorityLevelConfiguration';
const claims = 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice';
const reviews = 'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview';
const podSecurity = { advice: 'use Pod Security Admission (labels of the namespace) or an admission policy' };

type Row = readonly [apiVersion: string, kinds: string, life: ApiLife];

const rows: readonly Row[] = [
  // Removed in 1.16
  [
    'extensions/v1beta1',
    'DaemonSet Deployment ReplicaSet',
    { deprecated: 8, removed: 16, replacement: 'apps/v1', replacementSince: 9 },
  ],
  [
    'extensions/v1beta1',
    'NetworkPolicy',
    { deprecated: 9, removed: 16, replacement: 'networking.k8s.io/v1', replacementSince: 8 },
  ],
  ['extensions/v1beta1', 'PodSecurityPolicy', { deprecated: 11, removed: 16, ...podSecurity }],
  [
    'apps/v1beta1',
    'Deployment StatefulSet ControllerRevision',
    { deprecated: 8, removed: 16, replacement: 'apps/v1', replacementSince: 9 },
  ],
  [
    'apps/v1beta2',
    'DaemonSet Deployment ReplicaSet StatefulSet ControllerRevision',
    { deprecated: 9, removed: 16, replacement: 'apps/v1', replacementSince: 9 },
  ],
  // Alphas
  ['settings.k8s.io/v1alpha1', 'PodPreset', { removed: 20 }],
  ['batch/v2alpha1', 'CronJob', { removed: 21, replacement: 'batch/v1', replacementSince: 21 }],
  [
    'discovery.k8s.io/v1alpha1',
    'EndpointSlice',
    { removed: 21, replacement: 'discovery.k8s.io/v1', replacementSince: 21 },
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1alpha1',
    flow,
    { deprecated: 20, removed: 21, replacement: 'flowcontrol.apiserver.k8s.io/v1', replacementSince: 29 },
  ],
  [
    'rbac.authorization.k8s.io/v1alpha1',
    rbac,
    { deprecated: 17, removed: 23, replacement: 'rbac.authorization.k8s.io/v1', replacementSince: 8 },
  ],
  [
    'scheduling.k8s.io/v1alpha1',
    'PriorityClass',
    { deprecated: 17, removed: 23, replacement: 'scheduling.k8s.io/v1', replacementSince: 14 },
  ],
  [
    'storage.k8s.io/v1alpha1',
    'CSIStorageCapacity',
    { deprecated: 21, removed: 24, replacement: 'storage.k8s.io/v1', replacementSince: 24 },
  ],
  [
    'storage.k8s.io/v1alpha1',
    'VolumeAttachment',
    { deprecated: 21, removed: 24, replacement: 'storage.k8s.io/v1', replacementSince: 13 },
  ],
  [
    'storage.k8s.io/v1alpha1',
    'VolumeAttributesClass',
    { since: 29, deprecated: 32, removed: 35, replacement: 'storage.k8s.io/v1', replacementSince: 34 },
  ],
  ['networking.k8s.io/v1alpha1', 'ClusterCIDR', { since: 25, removed: 29 }],
  [
    'networking.k8s.io/v1alpha1',
    'IPAddress',
    { since: 27, deprecated: 30, removed: 34, replacement: 'networking.k8s.io/v1', replacementSince: 33 },
  ],
  [
    'networking.k8s.io/v1alpha1',
    'ServiceCIDR',
    { since: 29, deprecated: 30, removed: 34, replacement: 'networking.k8s.io/v1', replacementSince: 33 },
  ],
  [
    'admissionregistration.k8s.io/v1alpha1',
    validatingPolicy,
    {
      since: 26,
      deprecated: 29,
      removed: 32,
      replacement: 'admissionregistration.k8s.io/v1',
      replacementSince: 30,
    },
  ],
  [
    'admissionregistration.k8s.io/v1alpha1',
    mutatingPolicy,
    {
      since: 32,
      deprecated: 35,
      removed: 38,
      replacement: 'admissionregistration.k8s.io/v1',
      replacementSince: 36,
    },
  ],
  [
    'authentication.k8s.io/v1alpha1',
    'SelfSubjectReview',
    { since: 26, deprecated: 29, removed: 32, replacement: 'authentication.k8s.io/v1', replacementSince: 28 },
  ],
  [
    'certificates.k8s.io/v1alpha1',
    'ClusterTrustBundle',
    {
      since: 27,
      deprecated: 34,
      removed: 37,
      replacement: 'certificates.k8s.io/v1beta1',
      replacementSince: 33,
    },
  ],
  [
    'certificates.k8s.io/v1alpha1',
    'PodCertificateRequest',
    { since: 34, removed: 35, replacement: 'certificates.k8s.io/v1beta1', replacementSince: 35 },
  ],
  [
    'coordination.k8s.io/v1alpha1',
    'LeaseCandidate',
    { since: 31, removed: 32, replacement: 'coordination.k8s.io/v1beta1', replacementSince: 33 },
  ],
  [
    'coordination.k8s.io/v1alpha2',
    'LeaseCandidate',
    {
      since: 32,
      deprecated: 35,
      removed: 38,
      replacement: 'coordination.k8s.io/v1beta1',
      replacementSince: 33,
    },
  ],
  [
    'resource.k8s.io/v1alpha1',
    'ResourceClaim ResourceClaimTemplate',
    { since: 26, removed: 27, replacement: 'resource.k8s.io/v1', replacementSince: 34 },
  ],
  [
    'resource.k8s.io/v1alpha1',
    'PodScheduling ResourceClass',
    { since: 26, removed: 27, advice: 'use a DeviceClass of resource.k8s.io/v1' },
  ],
  [
    'resource.k8s.io/v1alpha2',
    'ResourceClaim ResourceClaimTemplate',
    { since: 27, removed: 31, replacement: 'resource.k8s.io/v1', replacementSince: 34 },
  ],
  [
    'resource.k8s.io/v1alpha2',
    'ResourceSlice',
    { since: 30, removed: 31, replacement: 'resource.k8s.io/v1', replacementSince: 34 },
  ],
  [
    'resource.k8s.io/v1alpha2',
    'PodSchedulingContext ResourceClass',
    { since: 27, removed: 31, advice: 'use a DeviceClass of resource.k8s.io/v1' },
  ],
  [
    'resource.k8s.io/v1alpha2',
    'ResourceClaimParameters ResourceClassParameters',
    { since: 30, removed: 31, advice: 'use a DeviceClass of resource.k8s.io/v1' },
  ],
  [
    'resource.k8s.io/v1alpha3',
    claims,
    { since: 31, removed: 34, replacement: 'resource.k8s.io/v1', replacementSince: 34 },
  ],
  ['resource.k8s.io/v1alpha3', 'PodSchedulingContext', { since: 31, removed: 32 }],
  [
    'resource.k8s.io/v1alpha3',
    'DeviceTaintRule',
    { since: 33, deprecated: 36, removed: 39, replacement: 'resource.k8s.io/v1beta2', replacementSince: 36 },
  ],
  ['resource.k8s.io/v1alpha3', 'ResourcePoolStatusRequest', { since: 36 }],
  [
    'scheduling.k8s.io/v1alpha1',
    'Workload',
    { since: 35, removed: 36, replacement: 'scheduling.k8s.io/v1alpha2', replacementSince: 36 },
  ],
  ['scheduling.k8s.io/v1alpha2', 'PodGroup Workload', { since: 36 }],
  [
    'storagemigration.k8s.io/v1alpha1',
    'StorageVersionMigration',
    {
      since: 30,
      deprecated: 33,
      removed: 35,
      replacement: 'storagemigration.k8s.io/v1beta1',
      replacementSince: 35,
    },
  ],
  // Removed in 1.22
  [
    'admissionregistration.k8s.io/v1beta1',
    admission,
    { deprecated: 16, removed: 22, replacement: 'admissionregistration.k8s.io/v1', replacementSince: 16 },
  ],
  [
    'apiextensions.k8s.io/v1beta1',
    'CustomResourceDefinition',
    { deprecated: 16, removed: 22, replacement: 'apiextensions.k8s.io/v1', replacementSince: 16 },
  ],
  [
    'apiregistration.k8s.io/v1beta1',
    'APIService',
    { deprecated: 19, removed: 22, replacement: 'apiregistration.k8s.io/v1', replacementSince: 10 },
  ],
  [
    'authentication.k8s.io/v1beta1',
    'TokenReview',
    { deprecated: 19, removed: 22, replacement: 'authentication.k8s.io/v1', replacementSince: 6 },
  ],
  [
    'authorization.k8s.io/v1beta1',
    reviews,
    { deprecated: 19, removed: 22, replacement: 'authorization.k8s.io/v1', replacementSince: 6 },
  ],
  [
    'certificates.k8s.io/v1beta1',
    'CertificateSigningRequest',
    { deprecated: 19, removed: 22, replacement: 'certificates.k8s.io/v1', replacementSince: 19 },
  ],
  [
    'coordination.k8s.io/v1beta1',
    'Lease',
    { deprecated: 19, removed: 22, replacement: 'coordination.k8s.io/v1', replacementSince: 14 },
  ],
  [
    'extensions/v1beta1',
    'Ingress',
    { deprecated: 14, removed: 22, replacement: 'networking.k8s.io/v1', replacementSince: 19 },
  ],
  [
    'networking.k8s.io/v1beta1',
    'Ingress IngressClass',
    { deprecated: 19, removed: 22, replacement: 'networking.k8s.io/v1', replacementSince: 19 },
  ],
  [
    'rbac.authorization.k8s.io/v1beta1',
    rbac,
    { deprecated: 17, removed: 22, replacement: 'rbac.authorization.k8s.io/v1', replacementSince: 8 },
  ],
  [
    'scheduling.k8s.io/v1beta1',
    'PriorityClass',
    { deprecated: 14, removed: 22, replacement: 'scheduling.k8s.io/v1', replacementSince: 14 },
  ],
  [
    'storage.k8s.io/v1beta1',
    'CSIDriver',
    { deprecated: 19, removed: 22, replacement: 'storage.k8s.io/v1', replacementSince: 18 },
  ],
  [
    'storage.k8s.io/v1beta1',
    'CSINode',
    { deprecated: 17, removed: 22, replacement: 'storage.k8s.io/v1', replacementSince: 17 },
  ],
  [
    'storage.k8s.io/v1beta1',
    'StorageClass',
    { deprecated: 19, removed: 22, replacement: 'storage.k8s.io/v1', replacementSince: 6 },
  ],
  [
    'storage.k8s.io/v1beta1',
    'VolumeAttachment',
    { deprecated: 19, removed: 22, replacement: 'storage.k8s.io/v1', replacementSince: 13 },
  ],
  // Removed in 1.25
  [
    'autoscaling/v2beta1',
    'HorizontalPodAutoscaler',
    { deprecated: 22, removed: 25, replacement: 'autoscaling/v2', replacementSince: 23 },
  ],
  [
    'batch/v1beta1',
    'CronJob',
    { deprecated: 21, removed: 25, replacement: 'batch/v1', replacementSince: 21 },
  ],
  [
    'discovery.k8s.io/v1beta1',
    'EndpointSlice',
    { deprecated: 21, removed: 25, replacement: 'discovery.k8s.io/v1', replacementSince: 21 },
  ],
  [
    'events.k8s.io/v1beta1',
    'Event',
    { deprecated: 22, removed: 25, replacement: 'events.k8s.io/v1', replacementSince: 19 },
  ],
  [
    'node.k8s.io/v1beta1',
    'RuntimeClass',
    { deprecated: 22, removed: 25, replacement: 'node.k8s.io/v1', replacementSince: 20 },
  ],
  [
    'policy/v1beta1',
    'PodDisruptionBudget',
    { deprecated: 21, removed: 25, replacement: 'policy/v1', replacementSince: 21 },
  ],
  ['policy/v1beta1', 'PodSecurityPolicy', { deprecated: 21, removed: 25, ...podSecurity }],
  // Removed from 1.26 on
  [
    'autoscaling/v2beta2',
    'HorizontalPodAutoscaler',
    { deprecated: 23, removed: 26, replacement: 'autoscaling/v2', replacementSince: 23 },
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta1',
    flow,
    {
      since: 20,
      deprecated: 23,
      removed: 26,
      replacement: 'flowcontrol.apiserver.k8s.io/v1',
      replacementSince: 29,
    },
  ],
  [
    'storage.k8s.io/v1beta1',
    'CSIStorageCapacity',
    { since: 21, deprecated: 24, removed: 27, replacement: 'storage.k8s.io/v1', replacementSince: 24 },
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta2',
    flow,
    {
      since: 23,
      deprecated: 26,
      removed: 29,
      replacement: 'flowcontrol.apiserver.k8s.io/v1',
      replacementSince: 29,
    },
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta3',
    flow,
    {
      since: 26,
      deprecated: 29,
      removed: 32,
      replacement: 'flowcontrol.apiserver.k8s.io/v1',
      replacementSince: 29,
    },
  ],
  [
    'authentication.k8s.io/v1beta1',
    'SelfSubjectReview',
    { since: 27, deprecated: 30, removed: 33, replacement: 'authentication.k8s.io/v1', replacementSince: 28 },
  ],
  [
    'admissionregistration.k8s.io/v1beta1',
    validatingPolicy,
    {
      since: 28,
      deprecated: 31,
      removed: 34,
      replacement: 'admissionregistration.k8s.io/v1',
      replacementSince: 30,
    },
  ],
  [
    'networking.k8s.io/v1beta1',
    'IPAddress ServiceCIDR',
    { since: 31, deprecated: 34, removed: 37, replacement: 'networking.k8s.io/v1', replacementSince: 33 },
  ],
  [
    'storage.k8s.io/v1beta1',
    'VolumeAttributesClass',
    { since: 31, deprecated: 34, removed: 37, replacement: 'storage.k8s.io/v1', replacementSince: 34 },
  ],
  [
    'resource.k8s.io/v1beta1',
    claims,
    { since: 32, deprecated: 35, removed: 38, replacement: 'resource.k8s.io/v1', replacementSince: 34 },
  ],
  [
    'resource.k8s.io/v1beta2',
    claims,
    { since: 33, deprecated: 36, removed: 39, replacement: 'resource.k8s.io/v1', replacementSince: 34 },
  ],
  ['resource.k8s.io/v1beta2', 'DeviceTaintRule', { since: 36 }],
  ['coordination.k8s.io/v1beta1', 'LeaseCandidate', { since: 33, deprecated: 36, removed: 39 }],
  ['certificates.k8s.io/v1beta1', 'ClusterTrustBundle', { since: 33 }],
  ['certificates.k8s.io/v1beta1', 'PodCertificateRequest', { since: 35 }],
  [
    'admissionregistration.k8s.io/v1beta1',
    mutatingPolicy,
    {
      since: 34,
      deprecated: 37,
      removed: 40,
      replacement: 'admissionregistration.k8s.io/v1',
      replacementSince: 36,
    },
  ],
  ['storagemigration.k8s.io/v1beta1', 'StorageVersionMigration', { since: 35 }],
  // Deprecated without an end
  [
    'v1',
    'Endpoints',
    {
      deprecated: 33,
      replacement: 'discovery.k8s.io/v1',
      replacementSince: 21,
      advice: 'use an EndpointSlice of discovery.k8s.io/v1',
    },
  ],
  [
    'v1',
    'ComponentStatus',
    { deprecated: 19, advice: 'read the health endpoints of the control plane instead' },
  ],
  // Served since
  ['batch/v1', 'CronJob', { since: 21 }],
  ['discovery.k8s.io/v1', 'EndpointSlice', { since: 21 }],
  ['policy/v1', 'PodDisruptionBudget', { since: 21 }],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', { since: 23 }],
  ['storage.k8s.io/v1', 'CSIStorageCapacity', { since: 24 }],
  ['authentication.k8s.io/v1', 'SelfSubjectReview', { since: 28 }],
  ['flowcontrol.apiserver.k8s.io/v1', flow, { since: 29 }],
  ['admissionregistration.k8s.io/v1', validatingPolicy, { since: 30 }],
  ['networking.k8s.io/v1', 'IPAddress ServiceCIDR', { since: 33 }],
  ['resource.k8s.io/v1', claims, { since: 34 }],
  ['storage.k8s.io/v1', 'VolumeAttributesClass', { since: 34 }],
  ['admissionregistration.k8s.io/v1', mutatingPolicy, { since: 36 }],
];

let known: ReadonlyMap<string, ApiLife> | undefined;

/** Lives by `<apiVersion> <kind>`. */
export function apiLives(): ReadonlyMap<string, ApiLife> {
  known ??= new Map(
    rows.flatMap(([apiVersion, kinds, life]) =>
      kinds.split(' ').map((kind) => [`${apiVersion} ${kind}`, life] as const),
    ),
  );
  return known;
}

/** What to write instead of a deprecated or removed one, as the end of a sentence; empty where nothing is known. */
export function adviceOf(life: ApiLife): string {
  if (life.advice !== undefined) return `; ${life.advice}`;
  if (life.replacement === undefined) return '';
  return `; write ${life.replacement}, served since 1.${life.replacementSince}`;
}

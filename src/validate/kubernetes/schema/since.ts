/**
 * Fields that are younger than Kubernetes 1.20, with the minor version in which they came: differences between types.go of
 * k8s.io/api v0.20.0 to v0.36.0, release by release, for all types of stable API versions that a manifest can hold (no
 * status; fields of a type that is as young as its API version are told by that). Most came behind a feature gate that was
 * opened one to four releases later. Fields of API versions that are still alpha or beta are not listed.
 */
const additions: Readonly<Record<string, string>> = {
  V1Volume: 'image:31',
  V1PersistentVolumeSpec: 'volumeAttributesClassName:29',
  V1PersistentVolumeClaimSpec: 'dataSourceRef:22 volumeAttributesClassName:29',
  V1TypedObjectReference: 'namespace:26',
  V1VolumeProjection: 'clusterTrustBundle:29 podCertificate:34',
  V1CSIPersistentVolumeSource: 'nodeExpandSecretRef:25',
  V1VolumeMount: 'recursiveReadOnly:30',
  V1EnvVarSource: 'fileKeyRef:34',
  V1Probe: 'grpc:23 terminationGracePeriodSeconds:21',
  V1ResourceRequirements: 'claims:26',
  V1Container: 'resizePolicy:27 restartPolicy:28 restartPolicyRules:34',
  V1EphemeralContainer: 'resizePolicy:27 restartPolicy:28 restartPolicyRules:34',
  V1Lifecycle: 'stopSignal:33',
  V1LifecycleHandler: 'sleep:29',
  V1PodAffinityTerm: 'namespaceSelector:21 matchLabelKeys:29 mismatchLabelKeys:29',
  V1PodSpec:
    'os:23 hostUsers:25 schedulingGates:26 resourceClaims:26 resources:32 hostnameOverride:34 schedulingGroup:36',
  V1TopologySpreadConstraint: 'minDomains:24 nodeAffinityPolicy:25 nodeTaintsPolicy:25 matchLabelKeys:25',
  V1PodSecurityContext: 'appArmorProfile:30 supplementalGroupsPolicy:31 seLinuxChangePolicy:32',
  V1SecurityContext: 'appArmorProfile:30',
  V1WindowsSecurityContextOptions: 'hostProcess:22',
  CoreV1ResourceClaim: 'request:31',
  V1PodResourceClaim: 'resourceClaimName:31 resourceClaimTemplateName:31',
  V1ServiceSpec: 'loadBalancerClass:21 internalTrafficPolicy:21 trafficDistribution:30',
  V1RollingUpdateStatefulSetStrategy: 'maxUnavailable:24',
  V1StatefulSetSpec: 'minReadySeconds:22 persistentVolumeClaimRetentionPolicy:23 ordinals:26',
  V1RollingUpdateDaemonSet: 'maxSurge:21',
  V1JobSpec:
    'completionMode:21 suspend:21 podFailurePolicy:25 backoffLimitPerIndex:28 maxFailedIndexes:28 podReplacementPolicy:28 successPolicy:30 managedBy:30',
  V1CronJobSpec: 'timeZone:24',
  V1NetworkPolicyPort: 'endPort:21',
  V1IngressClassParametersReference: 'namespace:21 scope:21',
  V1CSIDriverSpec:
    'seLinuxMount:25 nodeAllocatableUpdatePeriodSeconds:33 serviceAccountTokenInSecrets:35 preventPodSchedulingIfMissing:36',
  V1ValidatingWebhook: 'matchConditions:27',
  V1MutatingWebhook: 'matchConditions:27',
  V1LeaseSpec: 'strategy:31 preferredHolder:31',
  V1CertificateSigningRequestSpec: 'expirationSeconds:22',
  V1PodDisruptionBudgetSpec: 'unhealthyPodEvictionPolicy:26',
  V1EndpointHints: 'forNodes:33',
  V2HPAScalingRules: 'tolerance:33',
  V1PodCertificateProjection: 'userAnnotations:35',
  V1ResourceAttributes: 'fieldSelector:31 labelSelector:31',
  V1Device: 'nodeAllocatableResourceMappings:36',
  V1DeviceAttribute: 'bools:36 ints:36 strings:36 versions:36',
};

/** Values that are younger than their field: constants of the same files, by type and field. */
const values: Readonly<Record<string, string>> = {
  'V1Toleration operator': 'Lt:35 Gt:35',
  'V1Container restartPolicy': 'OnFailure:34 Never:34',
  'V1ContainerRestartRule action': 'RestartAllContainers:35',
  'V1ServiceSpec trafficDistribution': 'PreferSameZone:33 PreferSameNode:33',
  'V1PodFailurePolicyRule action': 'FailIndex:28',
  'V1PersistentVolumeSpec accessModes': 'ReadWriteOncePod:22',
  'V1PersistentVolumeClaimSpec accessModes': 'ReadWriteOncePod:22',
  'V1ResourceQuotaSpec scopes': 'CrossNamespacePodAffinity:21 VolumeAttributesClass:33',
  'V1ScopedResourceSelectorRequirement scopeName': 'CrossNamespacePodAffinity:21 VolumeAttributesClass:33',
};

/** Minor versions by field, for a type; undefined where all its fields are older than 1.21. */
export const additionsOf = (type: string): ReadonlyMap<string, number> | undefined => entry(additions, type);

/** Minor versions by value, for a field; undefined where all its values are as old as it is. */
export const valuesOf = (type: string, field: string): ReadonlyMap<string, number> | undefined =>
  entry(values, `${type} ${field}`);

function entry(
  table: Readonly<Record<string, string>>,
  key: string,
): ReadonlyMap<string, number> | undefined {
  const text = Object.hasOwn(table, key) ? table[key] : undefined;
  if (!text) return undefined;
  return new Map(
    text
      .split(' ')
      .map((each) => each.split(':') as [string, string])
      .map(([name, minor]) => [name, Number(minor)]),
  );
}

/** Every type and field of the tables. */
export const datedFields = (): readonly (readonly [type: string, field: string])[] => [
  ...Object.keys(additions).flatMap((type) =>
    [...(additionsOf(type)?.keys() ?? [])].map((field) => [type, field] as const),
  ),
  ...Object.keys(values).map((key) => key.split(' ') as [string, string]),
];

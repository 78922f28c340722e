import { listOf, mappingOf, textOf } from '../../../document.ts';
import { base64, between, dataKey, dnsLabel, dnsSubdomain, labelValue, qualifiedName } from '../formats.ts';
import type { Fault } from '../problem.ts';
import {
  clash,
  type Facts,
  fault,
  filled,
  type Mapping,
  must,
  oneOf,
  quantity,
  required,
  uniqueBy,
} from './facts.ts';

/**
 * Metadata, configuration, storage, quotas, admission, custom resource definitions. Sources: the API reference of
 * Kubernetes, and pkg/apis/{core,storage,rbac,admissionregistration}/validation of kubernetes/kubernetes.
 */

const access = oneOf('ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod');

/** What Secrets of the built-in types have to hold; each inner list is a choice. */
const secretKeys: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']],
};

function secretFaults(secret: Mapping): readonly Fault[] {
  const type = String(secret['type']);
  const wanted = Object.hasOwn(secretKeys, type) ? (secretKeys[type] ?? []) : [];
  const held = { ...mappingOf(secret['data']), ...mappingOf(secret['stringData']) };
  return wanted
    .filter((choice) => !choice.some((key) => Object.hasOwn(held, key)))
    .map((choice) => fault(`a Secret of type ${type} needs the key ${choice.join(' or ')}`, 'type'));
}

function sharedKeys(map: Mapping): readonly Fault[] {
  const plain = mappingOf(map['data']) ?? {};
  return Object.keys(mappingOf(map['binaryData']) ?? {})
    .filter((key) => Object.hasOwn(plain, key))
    .map((key) => clash('the key also stands in data', 'binaryData', key));
}

function claimFaults(spec: Mapping): readonly Fault[] {
  const requests = mappingOf(mappingOf(spec['resources'])?.['requests']);
  return mappingOf(spec['resources']) && requests?.['storage'] === undefined
    ? [fault('requests.storage is required', 'resources')]
    : [];
}

const webhook = {
  fields: {
    failurePolicy: oneOf('Ignore', 'Fail'),
    matchPolicy: oneOf('Exact', 'Equivalent'),
    sideEffects: oneOf('None', 'NoneOnDryRun'),
    timeoutSeconds: { check: between(1, 30) },
    reinvocationPolicy: oneOf('Never', 'IfNeeded'),
    admissionReviewVersions: filled,
  },
};

const { reinvocationPolicy: _, ...validatingFields } = webhook.fields;

function definitionFaults(spec: Mapping): readonly Fault[] {
  const versions = listOf(spec['versions']).map((item) => mappingOf(item) ?? {});
  const stored = versions.filter((version) => version['storage'] === true).length;
  return [
    ...(versions.length > 0 && stored !== 1
      ? [fault(`${stored} versions have storage: true, exactly one has to`, 'versions')]
      : []),
    ...versions.flatMap((version, index) =>
      mappingOf(version['schema']) ? [] : [fault('schema is required', 'versions', index)],
    ),
  ];
}

function definitionName(definition: Mapping): readonly Fault[] {
  const spec = mappingOf(definition['spec']);
  const wanted = `${textOf(mappingOf(spec?.['names'])?.['plural'])}.${textOf(spec?.['group'])}`;
  const name = textOf(mappingOf(definition['metadata'])?.['name']);
  return name !== undefined && !wanted.includes('undefined') && name !== wanted
    ? [fault(`"${name}" has to be spec.names.plural and spec.group: "${wanted}"`, 'metadata', 'name')]
    : [];
}

export const storageFacts: Facts = {
  V1ObjectMeta: {
    fields: {
      namespace: { check: dnsLabel },
      labels: { keyCheck: qualifiedName, check: labelValue },
      annotations: { keyCheck: (key) => qualifiedName(String(key).toLowerCase()) },
    },
  },
  V1ConfigMap: {
    fields: { data: { keyCheck: dataKey }, binaryData: { keyCheck: dataKey } },
    also: sharedKeys,
  },
  V1Secret: {
    fields: { data: { keyCheck: dataKey, check: base64 }, stringData: { keyCheck: dataKey } },
    also: secretFaults,
  },
  V1PersistentVolumeClaim: { fields: { spec: required } },
  V1PersistentVolumeClaimSpec: {
    fields: {
      accessModes: { ...filled, ...access },
      resources: required,
      volumeMode: oneOf('Filesystem', 'Block'),
    },
    also: claimFaults,
  },
  V1VolumeResourceRequirements: { fields: { limits: quantity, requests: quantity } },
  V1PersistentVolume: { fields: { spec: required } },
  V1PersistentVolumeSpec: {
    fields: {
      accessModes: { ...filled, ...access },
      capacity: must(quantity),
      persistentVolumeReclaimPolicy: oneOf('Retain', 'Delete', 'Recycle'),
      volumeMode: oneOf('Filesystem', 'Block'),
    },
    exactlyOne: [
      ...['awsElasticBlockStore', 'azureDisk', 'azureFile', 'cephfs', 'cinder', 'csi', 'fc', 'flexVolume'],
      ...['flocker', 'gcePersistentDisk', 'glusterfs', 'hostPath', 'iscsi', 'local', 'nfs'],
      ...[
        'photonPersistentDisk',
        'portworxVolume',
        'quobyte',
        'rbd',
        'scaleIO',
        'storageos',
        'vsphereVolume',
      ],
    ],
  },
  V1StorageClass: {
    fields: {
      reclaimPolicy: oneOf('Delete', 'Retain'),
      volumeBindingMode: oneOf('Immediate', 'WaitForFirstConsumer'),
    },
  },
  V1CSIStorageCapacity: { fields: { capacity: quantity, maximumVolumeSize: quantity } },
  V1CSIDriverSpec: {
    fields: {
      fsGroupPolicy: oneOf('None', 'File', 'ReadWriteOnceWithFSType'),
      volumeLifecycleModes: oneOf('Persistent', 'Ephemeral'),
    },
  },
  V1ResourceQuotaSpec: { fields: { hard: quantity } },
  V1ScopedResourceSelectorRequirement: {
    fields: { operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist') },
  },
  V1LimitRange: { fields: { spec: required } },
  V1LimitRangeItem: {
    fields: {
      default: quantity,
      defaultRequest: quantity,
      max: quantity,
      min: quantity,
      maxLimitRequestRatio: quantity,
    },
  },
  V1MutatingWebhookConfiguration: { fields: { webhooks: uniqueBy('name') } },
  V1ValidatingWebhookConfiguration: { fields: { webhooks: uniqueBy('name') } },
  V1MutatingWebhook: webhook,
  V1ValidatingWebhook: { fields: validatingFields },
  AdmissionregistrationV1WebhookClientConfig: { exactlyOne: ['service', 'url'] },
  AdmissionregistrationV1ServiceReference: { fields: { port: { check: between(1, 65535) } } },
  V1RuleWithOperations: {
    fields: {
      operations: { ...filled, ...oneOf('*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT') },
      apiGroups: filled,
      apiVersions: filled,
      resources: filled,
      scope: oneOf('*', 'Cluster', 'Namespaced'),
    },
  },
  V1ValidatingAdmissionPolicySpec: {
    fields: { failurePolicy: oneOf('Ignore', 'Fail'), variables: uniqueBy('name') },
  },
  V1ValidatingAdmissionPolicyBindingSpec: { fields: { validationActions: oneOf('Deny', 'Warn', 'Audit') } },
  V1CustomResourceDefinition: { also: definitionName },
  V1CustomResourceDefinitionSpec: {
    fields: {
      group: { check: dnsSubdomain },
      scope: oneOf('Cluster', 'Namespaced'),
      versions: { ...filled, ...uniqueBy('name') },
    },
    also: definitionFaults,
  },
  V1CustomResourceDefinitionNames: { fields: { plural: { check: dnsLabel } } },
  V1CustomResourceConversion: { fields: { strategy: oneOf('None', 'Webhook') } },
  V1CustomResourceColumnDefinition: {
    fields: { type: oneOf('string', 'integer', 'number', 'boolean', 'date') },
  },
  V1JSONSchemaProps: {
    fields: { type: oneOf('', 'object', 'array', 'string', 'integer', 'number', 'boolean') },
  },
  V1CustomResourceValidation: { fields: { openAPIV3Schema: required } },
  V1RuntimeClass: { fields: { handler: { check: dnsLabel } } },
  V1Overhead: { fields: { podFixed: quantity } },
  V1NodeSpec: { fields: { taints: uniqueBy('key', 'effect') } },
  V1APIServiceSpec: {
    fields: {
      groupPriorityMinimum: { check: between(1, 20_000) },
      versionPriority: { check: between(1, 1000) },
    },
  },
};

import { absolutePath, between, dnsLabel, fileMode } from '../formats.ts';
import type { Fault } from '../problem.ts';
import { type Facts, type FieldFacts, type Mapping, oneOf, quantity, required } from './facts.ts';

/**
 * Volumes of pods and their mounts. Sources: the API reference of Kubernetes (descriptions of the fields) and, for what is
 * required without being marked so, pkg/apis/core/validation of kubernetes/kubernetes.
 */

const mode: FieldFacts = { check: fileMode };

const volumeFaults = (volume: Mapping): readonly Fault[] => {
  const sources = Object.keys(volume).filter((key) => key !== 'name' && volume[key] !== null);
  if (sources.length > 0) return [];
  const message =
    'no source is given, so it is taken for an emptyDir; write emptyDir: {} where that is meant';
  return [{ rule: 'exclusive-fields', message, severity: 'warning' }];
};

const relativePath: FieldFacts = {
  check: (value) =>
    String(value).startsWith('/') || String(value).split('/').includes('..')
      ? `${JSON.stringify(value)} is not a relative path without ".."`
      : undefined,
};

export const volumeFacts: Facts = {
  V1Volume: {
    fields: { name: { check: dnsLabel } },
    atMostOne: [
      ...[
        'awsElasticBlockStore',
        'azureDisk',
        'azureFile',
        'cephfs',
        'cinder',
        'configMap',
        'csi',
        'downwardAPI',
      ],
      ...[
        'emptyDir',
        'ephemeral',
        'fc',
        'flexVolume',
        'flocker',
        'gcePersistentDisk',
        'gitRepo',
        'glusterfs',
      ],
      ...[
        'hostPath',
        'image',
        'iscsi',
        'nfs',
        'persistentVolumeClaim',
        'photonPersistentDisk',
        'portworxVolume',
      ],
      ...['projected', 'quobyte', 'rbd', 'scaleIO', 'secret', 'storageos', 'vsphereVolume'],
    ],
    also: volumeFaults,
  },
  V1ConfigMapVolumeSource: { fields: { name: required, defaultMode: mode } },
  V1SecretVolumeSource: { fields: { secretName: required, defaultMode: mode } },
  V1DownwardAPIVolumeSource: { fields: { defaultMode: mode } },
  V1ProjectedVolumeSource: { fields: { defaultMode: mode } },
  V1ConfigMapProjection: { fields: { name: required } },
  V1SecretProjection: { fields: { name: required } },
  V1KeyToPath: { fields: { mode, path: relativePath } },
  V1DownwardAPIVolumeFile: {
    fields: { mode, path: relativePath },
    exactlyOne: ['fieldRef', 'resourceFieldRef'],
  },
  V1VolumeProjection: {
    exactlyOne: [
      'clusterTrustBundle',
      'configMap',
      'downwardAPI',
      'podCertificate',
      'secret',
      'serviceAccountToken',
    ],
  },
  V1ServiceAccountTokenProjection: { fields: { expirationSeconds: { check: between(600, 2 ** 32) } } },
  V1EmptyDirVolumeSource: {
    fields: {
      sizeLimit: quantity,
      medium: {
        check: (value) =>
          /^(|Memory|HugePages(-.+)?)$/.test(String(value))
            ? undefined
            : `"${value}" is not a medium: "", Memory or HugePages`,
      },
    },
  },
  V1HostPathVolumeSource: {
    fields: {
      type: oneOf(
        '',
        'DirectoryOrCreate',
        'Directory',
        'FileOrCreate',
        'File',
        'Socket',
        'CharDevice',
        'BlockDevice',
      ),
    },
  },
  V1VolumeMount: {
    fields: {
      mountPath: {
        check: (value) => (String(value).includes(':') ? `"${value}" must not hold ":"` : undefined),
      },
      mountPropagation: oneOf('None', 'HostToContainer', 'Bidirectional'),
      recursiveReadOnly: oneOf('Disabled', 'IfPossible', 'Enabled'),
      subPath: relativePath,
    },
    atMostOne: ['subPath', 'subPathExpr'],
  },
  V1VolumeDevice: { fields: { devicePath: { check: absolutePath } } },
  V1PersistentVolumeClaimTemplate: { fields: { spec: required } },
};

import { listOf, mappingOf, textOf } from '../../../document.ts';
import {
  absolutePath,
  atLeast,
  between,
  dataKey,
  dnsLabel,
  dnsSubdomain,
  fileMode,
  ipAddress,
  portName,
  portNumberOrName,
  qualifiedName,
} from '../formats.ts';
import type { Fault } from '../problem.ts';
import { quantityOf } from '../quantity.ts';
import {
  clash,
  distinctBy,
  type Facts,
  type FieldFacts,
  fault,
  filled,
  labels,
  type Mapping,
  must,
  notNegative,
  oneOf,
  portNumber,
  positive,
  protocol,
  quantity,
  quantityFaultAt,
  required,
  uniqueBy,
} from './facts.ts';

/**
 * Pods and their containers. Sources: the API reference of Kubernetes (descriptions of the fields) and, for what is
 * required without being marked so, pkg/apis/core/validation of kubernetes/kubernetes.
 */

const id: FieldFacts = { check: between(0, 2_147_483_647) };
const mode: FieldFacts = { check: fileMode };

const environmentName: FieldFacts = {
  check: (value) =>
    /^[ -<>-~]+$/.test(String(value)) ? undefined : 'is not a name of a variable: "=" is not allowed in it',
};

const image: FieldFacts = must({
  check: (value) =>
    String(value).trim() === String(value) && String(value) !== ''
      ? undefined
      : `${JSON.stringify(value)} is not an image: it is empty or has blanks around it`,
});

const ports: FieldFacts = {
  unique: [
    { fields: ['containerPort', 'protocol'], defaults: { protocol: 'TCP' }, severity: 'warning' },
    { fields: ['name'] },
  ],
};

function probesOf(container: Mapping): readonly Fault[] {
  return ['livenessProbe', 'startupProbe'].flatMap((name) => {
    const threshold = mappingOf(container[name])?.['successThreshold'];
    return typeof threshold === 'number' && threshold > 1
      ? [fault(`${threshold} is not allowed, a ${name} takes 1`, name, 'successThreshold')]
      : [];
  });
}

const container = {
  fields: {
    name: { check: dnsLabel },
    image,
    imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
    ports,
    env: distinctBy('name'),
    volumeMounts: uniqueBy('mountPath'),
    volumeDevices: uniqueBy('devicePath'),
    terminationMessagePolicy: oneOf('File', 'FallbackToLogsOnError'),
    restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
  },
  also: probesOf,
};

/** `type: Localhost` and `localhostProfile` belong together, in seccomp and AppArmor profiles alike. */
function localhostProfile(profile: Mapping): readonly Fault[] {
  const local = profile['type'] === 'Localhost';
  const named = textOf(profile['localhostProfile']) !== undefined;
  if (local && !named) return [fault('localhostProfile is required with type Localhost')];
  return !local && named && textOf(profile['type'])
    ? [clash('localhostProfile goes with type Localhost only', 'localhostProfile')]
    : [];
}

const profile = {
  fields: { type: oneOf('Localhost', 'RuntimeDefault', 'Unconfined') },
  also: localhostProfile,
};

/** The server rejects requests above limits; only plain amounts of one resource are compared. */
function requestsWithinLimits(resources: Mapping): readonly Fault[] {
  const limits = mappingOf(resources['limits']) ?? {};
  return Object.entries(mappingOf(resources['requests']) ?? {}).flatMap(([name, request]) => {
    const [asked, limit] = [quantityOf(request), quantityOf(limits[name])];
    return asked !== undefined && limit !== undefined && asked > limit
      ? [quantityFaultAt(`${request} is more than the limit of ${name}, ${limits[name]}`, 'requests', name)]
      : [];
  });
}

/** `memory: 512m` is half a byte: `m` means thousandths, `M` or `Mi` was meant. */
function wholeBytes(resources: Mapping): readonly Fault[] {
  return ['requests', 'limits'].flatMap((list) =>
    Object.entries(mappingOf(resources[list]) ?? {}).flatMap(([name, amount]) => {
      const bytes = /^(memory|storage|ephemeral-storage)$/.test(name) && /[num]$/.test(String(amount));
      return bytes && quantityOf(amount) !== undefined
        ? [quantityFaultAt(`"${amount}" is a fraction of bytes, "M" or "Mi" are millions`, list, name)]
        : [];
    }),
  );
}

const resources = {
  fields: { limits: quantity, requests: quantity },
  also: (value: Mapping) => [...requestsWithinLimits(value), ...wholeBytes(value)],
};

function tolerates(toleration: Mapping): readonly Fault[] {
  const operator = toleration['operator'] ?? 'Equal';
  if (!textOf(toleration['key']) && operator !== 'Exists' && Object.keys(toleration).length > 0) {
    return [fault('without a key the operator has to be Exists')];
  }
  return operator === 'Exists' && textOf(toleration['value'])
    ? [clash('a value does not go with operator Exists', 'value')]
    : [];
}

function requirement(value: Mapping): readonly Fault[] {
  const count = listOf(value['values']).length;
  if (/^(In|NotIn)$/.test(String(value['operator'])) && count === 0) {
    return [fault(`values are required with operator ${value['operator']}`)];
  }
  return /^(Exists|DoesNotExist)$/.test(String(value['operator'])) && count > 0
    ? [clash(`values do not go with operator ${value['operator']}`, 'values')]
    : [];
}

const fieldPaths =
  /^(metadata\.(name|namespace|uid|labels|annotations|(labels|annotations)\['[^']+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

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

function podFaults(spec: Mapping): readonly Fault[] {
  const names = new Set<unknown>();
  return ['initContainers', 'containers'].flatMap((list) =>
    listOf(spec[list]).flatMap((item, index) => {
      const name = mappingOf(item)?.['name'];
      // Within one list the list's own check tells it.
      if (list === 'containers' && names.has(name)) {
        return [
          {
            ...fault(`"${name}" is also the name of an init container`, list, index, 'name'),
            rule: 'duplicate-item',
          } as Fault,
        ];
      }
      if (list === 'initContainers' && textOf(name)) names.add(name);
      return [];
    }),
  );
}

export const podFacts: Facts = {
  V1Pod: { fields: { spec: required } },
  V1PodTemplateSpec: { fields: { spec: required } },
  V1PodSpec: {
    fields: {
      containers: { ...filled, ...uniqueBy('name') },
      initContainers: uniqueBy('name'),
      ephemeralContainers: uniqueBy('name'),
      volumes: uniqueBy('name'),
      restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
      dnsPolicy: oneOf('ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
      preemptionPolicy: oneOf('PreemptLowerPriority', 'Never'),
      terminationGracePeriodSeconds: notNegative,
      activeDeadlineSeconds: { check: between(1, 2_147_483_647) },
      hostAliases: distinctBy('ip'),
      imagePullSecrets: distinctBy('name'),
      topologySpreadConstraints: uniqueBy('topologyKey', 'whenUnsatisfiable'),
      schedulingGates: uniqueBy('name'),
      resourceClaims: uniqueBy('name'),
      hostname: { check: dnsLabel },
      subdomain: { check: dnsLabel },
      serviceAccountName: { check: dnsSubdomain },
      priorityClassName: { check: dnsSubdomain },
      runtimeClassName: { check: dnsSubdomain },
      nodeSelector: labels,
      overhead: quantity,
    },
    also: podFaults,
  },
  V1Container: container,
  V1EphemeralContainer: container,
  V1ContainerPort: {
    fields: { containerPort: portNumber, hostPort: portNumber, protocol, name: { check: portName } },
  },
  V1EnvVar: {
    fields: { name: environmentName },
    also: (env) =>
      textOf(env['value']) !== undefined && mappingOf(env['valueFrom'])
        ? [clash('valueFrom does not go with value', 'valueFrom')]
        : [],
  },
  V1EnvVarSource: {
    exactlyOne: ['configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'],
  },
  V1EnvFromSource: { exactlyOne: ['configMapRef', 'secretRef'] },
  V1ConfigMapEnvSource: { fields: { name: required } },
  V1SecretEnvSource: { fields: { name: required } },
  V1ConfigMapKeySelector: { fields: { name: required, key: { check: dataKey } } },
  V1SecretKeySelector: { fields: { name: required, key: { check: dataKey } } },
  V1ObjectFieldSelector: {
    fields: {
      fieldPath: {
        check: (value) =>
          fieldPaths.test(String(value))
            ? undefined
            : `"${value}" is not a field that the downward API offers`,
      },
    },
  },
  V1ResourceFieldSelector: {
    fields: {
      divisor: quantity,
      resource: {
        check: (value) =>
          /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(String(value))
            ? undefined
            : `"${value}" is not a resource like limits.cpu or requests.memory`,
      },
    },
  },
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
  V1Probe: {
    exactlyOne: ['exec', 'grpc', 'httpGet', 'tcpSocket'],
    fields: {
      initialDelaySeconds: notNegative,
      timeoutSeconds: positive,
      periodSeconds: positive,
      successThreshold: positive,
      failureThreshold: positive,
      terminationGracePeriodSeconds: positive,
    },
  },
  V1HTTPGetAction: { fields: { port: { check: portNumberOrName }, scheme: oneOf('HTTP', 'HTTPS') } },
  V1TCPSocketAction: { fields: { port: { check: portNumberOrName } } },
  V1GRPCAction: { fields: { port: portNumber } },
  V1ExecAction: { fields: { command: filled } },
  V1SleepAction: { fields: { seconds: notNegative } },
  V1LifecycleHandler: { exactlyOne: ['exec', 'httpGet', 'sleep', 'tcpSocket'] },
  V1SecurityContext: {
    fields: { runAsUser: id, runAsGroup: id, procMount: oneOf('Default', 'Unmasked') },
    also: (context) =>
      context['privileged'] === true && context['allowPrivilegeEscalation'] === false
        ? [clash('false does not go with privileged: true', 'allowPrivilegeEscalation')]
        : [],
  },
  V1PodSecurityContext: {
    fields: {
      runAsUser: id,
      runAsGroup: id,
      fsGroup: id,
      supplementalGroups: id,
      fsGroupChangePolicy: oneOf('OnRootMismatch', 'Always'),
      supplementalGroupsPolicy: oneOf('Merge', 'Strict'),
      seLinuxChangePolicy: oneOf('MountOption', 'Recursive'),
      sysctls: uniqueBy('name'),
    },
  },
  V1SeccompProfile: profile,
  V1AppArmorProfile: profile,
  V1ResourceRequirements: resources,
  V1ContainerResizePolicy: {
    fields: {
      resourceName: oneOf('cpu', 'memory'),
      restartPolicy: oneOf('NotRequired', 'RestartContainer'),
    },
  },
  V1Toleration: {
    fields: {
      operator: oneOf('Exists', 'Equal', 'Lt', 'Gt'),
      effect: oneOf('', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'),
    },
    also: tolerates,
  },
  V1Taint: { fields: { effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute') } },
  V1NodeSelector: { fields: { nodeSelectorTerms: filled } },
  V1NodeSelectorRequirement: {
    fields: {
      key: { check: qualifiedName },
      operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
    },
    also: requirement,
  },
  V1LabelSelector: { fields: { matchLabels: labels } },
  V1LabelSelectorRequirement: {
    fields: { key: { check: qualifiedName }, operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist') },
    also: requirement,
  },
  V1PreferredSchedulingTerm: { fields: { weight: { check: between(1, 100) } } },
  V1WeightedPodAffinityTerm: { fields: { weight: { check: between(1, 100) } } },
  V1PodAffinityTerm: { fields: { topologyKey: { check: qualifiedName } } },
  V1TopologySpreadConstraint: {
    fields: {
      maxSkew: positive,
      minDomains: positive,
      topologyKey: { check: qualifiedName },
      whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway'),
      nodeAffinityPolicy: oneOf('Honor', 'Ignore'),
      nodeTaintsPolicy: oneOf('Honor', 'Ignore'),
    },
  },
  V1HostAlias: { fields: { ip: { check: ipAddress } } },
  V1PodDNSConfig: { fields: { nameservers: { check: ipAddress } } },
  V1PodOS: { fields: { name: oneOf('linux', 'windows') } },
  V1PodReadinessGate: { fields: { conditionType: { check: qualifiedName } } },
  V1VolumeDevice: { fields: { devicePath: { check: absolutePath } } },
  V1PersistentVolumeClaimTemplate: { fields: { spec: required } },
  V1ContainerRestartRuleOnExitCodes: {
    fields: { operator: oneOf('In', 'NotIn'), values: { check: atLeast(0) } },
  },
};

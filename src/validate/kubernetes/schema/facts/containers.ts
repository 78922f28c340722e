import { mappingOf, textOf } from '../../../document.ts';
import { atLeast, between, dataKey, dnsLabel, portName, portNumberOrName } from '../formats.ts';
import type { Fault } from '../problem.ts';
import { quantityOf } from '../quantity.ts';
import {
  clash,
  distinctBy,
  type Facts,
  type FieldFacts,
  fault,
  filled,
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
 * Containers, their environment and probes. Sources: the API reference of Kubernetes (descriptions of the fields) and, for what is
 * required without being marked so, pkg/apis/core/validation of kubernetes/kubernetes.
 */

const id: FieldFacts = { check: between(0, 2_147_483_647) };

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

const fieldPaths =
  /^(metadata\.(name|namespace|uid|labels|annotations|(labels|annotations)\['[^']+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

export const containerFacts: Facts = {
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
  V1ContainerRestartRuleOnExitCodes: {
    fields: { operator: oneOf('In', 'NotIn'), values: { check: atLeast(0) } },
  },
};

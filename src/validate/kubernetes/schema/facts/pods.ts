import { listOf, mappingOf, textOf } from '../../../document.ts';
import { between, dnsLabel, dnsSubdomain, ipAddress, qualifiedName } from '../formats.ts';
import type { Fault } from '../problem.ts';
import {
  clash,
  distinctBy,
  type Facts,
  fault,
  filled,
  labels,
  type Mapping,
  notNegative,
  oneOf,
  positive,
  quantity,
  required,
  uniqueBy,
} from './facts.ts';

/**
 * Pods and their scheduling. Sources: the API reference of Kubernetes (descriptions of the fields) and, for what is
 * required without being marked so, pkg/apis/core/validation of kubernetes/kubernetes.
 */

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
};

import { listOf, mappingOf, valueAt } from '../../../document.ts';
import { cronFault } from '../cron.ts';
import { atLeast, between, countOrShare } from '../formats.ts';
import type { Fault } from '../problem.ts';
import {
  clash,
  type Facts,
  fault,
  type Mapping,
  notNegative,
  oneOf,
  positive,
  quantity,
  required,
  uniqueBy,
} from './facts.ts';

/**
 * Workloads, autoscaling, disruption budgets. Sources: the API reference of Kubernetes, and pkg/apis/{apps,batch,
 * autoscaling,policy}/validation of kubernetes/kubernetes for what is required without being marked so.
 */

const share = { check: countOrShare };

function emptySelector(spec: Mapping): readonly Fault[] {
  const selector = mappingOf(spec['selector']);
  if (!selector) return [];
  const labels = Object.keys(mappingOf(selector['matchLabels']) ?? {}).length;
  return labels + listOf(selector['matchExpressions']).length === 0
    ? [fault('an empty selector is not allowed, it needs matchLabels or matchExpressions', 'selector')]
    : [];
}

/** Pods of a controller are always started again. */
function restartsAlways(spec: Mapping): readonly Fault[] {
  const path = ['template', 'spec', 'restartPolicy'];
  const policy = valueAt(spec, path);
  return policy === 'OnFailure' || policy === 'Never'
    ? [fault(`"${policy}" is not allowed here, only Always is`, ...path)]
    : [];
}

const controlled = (spec: Mapping): readonly Fault[] => [...emptySelector(spec), ...restartsAlways(spec)];

/** A Job's pods end; the default Always is rejected. */
function restartsWithinJob(spec: Mapping): readonly Fault[] {
  const pod = mappingOf(valueAt(spec, ['template', 'spec']));
  if (!pod) return [];
  if (pod['restartPolicy'] === undefined || pod['restartPolicy'] === null) {
    return [fault('restartPolicy is required in the pods of a Job: OnFailure or Never', 'template', 'spec')];
  }
  return pod['restartPolicy'] === 'Always'
    ? [
        fault(
          '"Always" is not allowed in a Job, OnFailure and Never are',
          'template',
          'spec',
          'restartPolicy',
        ),
      ]
    : [];
}

const none = (value: unknown): boolean => value === 0 || value === '0%';

function standstill(strategy: Mapping): readonly Fault[] {
  return none(strategy['maxSurge']) && none(strategy['maxUnavailable'])
    ? [fault('maxSurge and maxUnavailable must not both be 0', 'maxUnavailable')]
    : [];
}

function strategyFaults(type: string) {
  return (strategy: Mapping): readonly Fault[] =>
    strategy['type'] === type && mappingOf(strategy['rollingUpdate'])
      ? [clash(`rollingUpdate does not go with type ${type}`, 'rollingUpdate')]
      : [];
}

function deadline(spec: Mapping): readonly Fault[] {
  const [limit, ready] = [spec['progressDeadlineSeconds'] ?? 600, spec['minReadySeconds'] ?? 0];
  if (typeof limit !== 'number' || typeof ready !== 'number' || limit > ready) return [];
  const field = spec['progressDeadlineSeconds'] === undefined ? 'minReadySeconds' : 'progressDeadlineSeconds';
  return [fault(`progressDeadlineSeconds (${limit}) has to be more than minReadySeconds (${ready})`, field)];
}

function replicaRange(spec: Mapping): readonly Fault[] {
  const [least, most] = [spec['minReplicas'], spec['maxReplicas']];
  return typeof least === 'number' && typeof most === 'number' && least > most
    ? [fault(`${most} is less than minReplicas (${least})`, 'maxReplicas')]
    : [];
}

const metricSources: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

function metricFaults(metric: Mapping): readonly Fault[] {
  const wanted = metricSources[String(metric['type'])];
  if (wanted === undefined) return [];
  const others = Object.values(metricSources).filter((name) => name !== wanted && mappingOf(metric[name]));
  return [
    ...(mappingOf(metric[wanted]) ? [] : [fault(`${wanted} is required with type ${metric['type']}`)]),
    ...others.map((name) => clash(`${name} does not go with type ${metric['type']}`, name)),
  ];
}

const targetFields: Readonly<Record<string, string>> = {
  Utilization: 'averageUtilization',
  Value: 'value',
  AverageValue: 'averageValue',
};

function targetFaults(target: Mapping): readonly Fault[] {
  const wanted = targetFields[String(target['type'])];
  return wanted !== undefined && (target[wanted] === undefined || target[wanted] === null)
    ? [fault(`${wanted} is required with type ${target['type']}`)]
    : [];
}

/** Names of the time zone database, as this runtime knows them; `Local` is not one. */
function timeZoneFault(value: string | number): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: String(value) });
    return String(value).startsWith('+') || String(value).startsWith('-')
      ? `"${value}" is an offset, not the name of a time zone`
      : undefined;
  } catch {
    return `"${value}" is not the name of a time zone like "Europe/Vienna"`;
  }
}

export const workloadFacts: Facts = {
  V1Deployment: { fields: { spec: required } },
  V1DeploymentSpec: {
    fields: {
      replicas: notNegative,
      minReadySeconds: notNegative,
      revisionHistoryLimit: notNegative,
      progressDeadlineSeconds: notNegative,
    },
    also: (spec) => [...controlled(spec), ...deadline(spec)],
  },
  V1DeploymentStrategy: {
    fields: { type: oneOf('RollingUpdate', 'Recreate') },
    also: strategyFaults('Recreate'),
  },
  V1RollingUpdateDeployment: { fields: { maxSurge: share, maxUnavailable: share }, also: standstill },
  V1StatefulSet: { fields: { spec: required } },
  V1StatefulSetSpec: {
    fields: {
      replicas: notNegative,
      minReadySeconds: notNegative,
      revisionHistoryLimit: notNegative,
      podManagementPolicy: oneOf('OrderedReady', 'Parallel'),
    },
    also: controlled,
  },
  V1StatefulSetUpdateStrategy: {
    fields: { type: oneOf('RollingUpdate', 'OnDelete') },
    also: strategyFaults('OnDelete'),
  },
  V1RollingUpdateStatefulSetStrategy: { fields: { partition: notNegative, maxUnavailable: share } },
  V1StatefulSetPersistentVolumeClaimRetentionPolicy: {
    fields: { whenDeleted: oneOf('Retain', 'Delete'), whenScaled: oneOf('Retain', 'Delete') },
  },
  V1DaemonSet: { fields: { spec: required } },
  V1DaemonSetSpec: {
    fields: { minReadySeconds: notNegative, revisionHistoryLimit: notNegative },
    also: controlled,
  },
  V1DaemonSetUpdateStrategy: { fields: { type: oneOf('RollingUpdate', 'OnDelete') } },
  V1RollingUpdateDaemonSet: { fields: { maxSurge: share, maxUnavailable: share }, also: standstill },
  V1ReplicaSet: { fields: { spec: required } },
  V1ReplicaSetSpec: { fields: { replicas: notNegative, template: required }, also: controlled },
  V1ReplicationControllerSpec: {
    fields: { replicas: notNegative, template: required },
    also: restartsAlways,
  },
  V1PodTemplate: { fields: { template: required } },
  V1Job: { fields: { spec: required } },
  V1JobSpec: {
    fields: {
      completions: notNegative,
      parallelism: notNegative,
      backoffLimit: notNegative,
      activeDeadlineSeconds: positive,
      ttlSecondsAfterFinished: notNegative,
      backoffLimitPerIndex: notNegative,
      maxFailedIndexes: notNegative,
      completionMode: oneOf('NonIndexed', 'Indexed'),
      podReplacementPolicy: oneOf('TerminatingOrFailed', 'Failed'),
    },
    also: restartsWithinJob,
  },
  V1PodFailurePolicyRule: {
    fields: { action: oneOf('FailJob', 'FailIndex', 'Ignore', 'Count') },
    exactlyOne: ['onExitCodes', 'onPodConditions'],
  },
  V1PodFailurePolicyOnExitCodesRequirement: { fields: { operator: oneOf('In', 'NotIn') } },
  V1CronJob: { fields: { spec: required } },
  V1CronJobSpec: {
    fields: {
      schedule: { check: cronFault },
      timeZone: { check: timeZoneFault },
      concurrencyPolicy: oneOf('Allow', 'Forbid', 'Replace'),
      startingDeadlineSeconds: notNegative,
      successfulJobsHistoryLimit: notNegative,
      failedJobsHistoryLimit: notNegative,
    },
  },
  V1JobTemplateSpec: { fields: { spec: required } },
  V1HorizontalPodAutoscaler: { fields: { spec: required } },
  V1HorizontalPodAutoscalerSpec: {
    fields: { minReplicas: notNegative, maxReplicas: positive, targetCPUUtilizationPercentage: positive },
    also: replicaRange,
  },
  V2HorizontalPodAutoscaler: { fields: { spec: required } },
  V2HorizontalPodAutoscalerSpec: {
    fields: { minReplicas: notNegative, maxReplicas: positive },
    also: replicaRange,
  },
  V2MetricSpec: {
    fields: { type: oneOf('ContainerResource', 'External', 'Object', 'Pods', 'Resource') },
    also: metricFaults,
  },
  V2MetricTarget: {
    fields: {
      type: oneOf('Utilization', 'Value', 'AverageValue'),
      value: quantity,
      averageValue: quantity,
      averageUtilization: positive,
    },
    also: targetFaults,
  },
  V2HPAScalingRules: {
    fields: {
      selectPolicy: oneOf('Max', 'Min', 'Disabled'),
      stabilizationWindowSeconds: { check: between(0, 3600) },
      tolerance: quantity,
    },
  },
  V2HPAScalingPolicy: {
    fields: { type: oneOf('Pods', 'Percent'), value: positive, periodSeconds: { check: between(1, 1800) } },
  },
  V1PodDisruptionBudget: { fields: { spec: required } },
  V1PodDisruptionBudgetSpec: {
    fields: {
      minAvailable: share,
      maxUnavailable: share,
      unhealthyPodEvictionPolicy: oneOf('IfHealthyBudget', 'AlwaysAllow'),
    },
    atMostOne: ['minAvailable', 'maxUnavailable'],
  },
  V1PriorityClass: {
    fields: {
      value: {
        check: (value) => (Number(value) > 1_000_000_000 ? `${value} is more than 1000000000` : undefined),
      },
      preemptionPolicy: oneOf('PreemptLowerPriority', 'Never'),
    },
  },
  V1LeaseSpec: { fields: { leaseDurationSeconds: positive, leaseTransitions: { check: atLeast(0) } } },
  V1StatefulSetOrdinals: { fields: { start: notNegative } },
  V1DeviceClaim: { fields: { requests: uniqueBy('name') } },
};

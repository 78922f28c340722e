import { listOf, mappingOf, type Path, valueAt } from '../../document.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { replicasOf } from '../../kubernetes/replicas.ts';
import { labelSelector, matches } from '../../kubernetes/selectors.ts';
import { takesTraffic } from '../../kubernetes/traffic.ts';
import { completePods, missingIn, named, runsForEver } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const spread: Rule = {
  id: 'spread',
  severity: 'warning',
  layer: 'policy',
  title: 'Replicas are spread over nodes',
  why: 'Replicas that the scheduler happens to put on one node fail with it: two of them are then worth one.',
  fix: 'Write `topologySpreadConstraints` over kubernetes.io/hostname, or `podAntiAffinity`, with a labelSelector that matches the pods themselves.',
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
  check(workspace, report) {
    for (const pod of completePods(workspace).filter(runsForEver)) {
      const { manifest } = pod;
      const replicas = replicasOf(workspace, manifest);
      if (!replicas || replicas.count < 2) continue;
      const rules = spreadingRules(pod);
      if (rules.some(({ selector }) => selectsItself(pod, selector))) continue;
      const severity = takesTraffic(workspace, manifest) ? 'warning' : 'notice';
      const [first] = rules;
      if (first) {
        report.find(
          missingIn(manifest, first.path),
          `${named(manifest)} spreads its replicas by labels that its own pods do not have, which does nothing`,
          { severity },
        );
      } else {
        report.find(
          missingIn(manifest, pod.path),
          `${named(manifest)} has ${replicas.count} replicas that may all run on one node; write topologySpreadConstraints`,
          { severity },
        );
      }
    }
  },
};

interface SpreadingRule {
  readonly selector: unknown;
  /** Of the selector, or of what should hold it. */
  readonly path: Path;
}

function spreadingRules(pod: PodSpec): readonly SpreadingRule[] {
  const anti: Path = ['affinity', 'podAntiAffinity'];
  return [
    ...rulesIn(pod, ['topologySpreadConstraints'], []),
    ...rulesIn(pod, [...anti, 'requiredDuringSchedulingIgnoredDuringExecution'], []),
    ...rulesIn(pod, [...anti, 'preferredDuringSchedulingIgnoredDuringExecution'], ['podAffinityTerm']),
  ];
}

function rulesIn(pod: PodSpec, list: Path, inner: Path): readonly SpreadingRule[] {
  return listOf(valueAt(pod.spec, list)).flatMap((item, index) => {
    if (!mappingOf(item)) return [];
    const selector = valueAt(item, [...inner, 'labelSelector']);
    const path = [
      ...pod.path,
      ...list,
      index,
      ...inner,
      ...(selector === undefined ? [] : ['labelSelector']),
    ];
    return [{ selector, path }];
  });
}

function selectsItself(pod: PodSpec, value: unknown): boolean {
  const selector = labelSelector(value);
  return selector !== undefined && matches(selector, pod.labels);
}

import { textOf, valueAt } from '../../document.ts';
import type { Container, PodSpec } from '../../kubernetes/pods.ts';
import { defaultedResources, resourcesOf } from '../../kubernetes/resources.ts';
import { quantityOf } from '../../kubernetes/schema/quantity.ts';
import {
  completePods,
  containerName,
  lasting,
  missingIn,
  named,
  spotOf,
} from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

/** On a workload or its pod template, as annotation or label: `cutover/qos: Guaranteed` asks for that class. */
const qosKey = 'cutover/qos';

export const requestsLimits: Rule = {
  id: 'requests-limits',
  severity: 'warning',
  layer: 'policy',
  title: 'Containers request CPU and memory and limit their memory',
  why: 'Without requests the scheduler packs pods onto a node until they starve each other, and the first to be evicted is the one that asked for nothing; without a memory limit a leak takes the neighbours along. A CPU limit is not asked for: it throttles exactly when latency matters.',
  fix: "Write `resources: { requests: { cpu, memory }, limits: { memory } }` in the container. A workload annotated `cutover/qos: Guaranteed` needs limits for both, equal to the requests, in every container; whole CPUs then also qualify for the kubelet's static CPU manager.",
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/',
  check(workspace, report) {
    for (const pod of completePods(workspace)) {
      if (asksForGuaranteed(pod)) checkGuaranteed(pod, report);
      else checkPod(pod, workspace, report);
    }
  },
};

const wanted = [
  ['requests', 'cpu'],
  ['requests', 'memory'],
  ['limits', 'memory'],
] as const;

function checkPod(pod: PodSpec, workspace: Workspace, report: Reporter): void {
  for (const container of lasting(pod)) {
    const resources = resourcesOf(pod, container);
    const unwritten = wanted.filter(([kind, name]) => !resources.has(kind, name));
    if (unwritten.length === 0) continue;
    const defaults = defaultedResources(workspace, pod.manifest);
    const missing = unwritten.filter(([kind, name]) => !defaults.has(kind, name));
    if (missing.length === 0) continue;
    const list = missing.map((path) => path.join('.')).join(', ');
    report.find(
      missingIn(pod.manifest, [...container.path, 'resources']),
      `${containerName(container)} leaves out ${list} under resources`,
    );
  }
}

function asksForGuaranteed(pod: PodSpec): boolean {
  const template = pod.path.slice(0, -1);
  const places = [template, []].flatMap((at) =>
    ['annotations', 'labels'].map((part) => [...at, 'metadata', part, qosKey]),
  );
  return places.some((path) => textOf(valueAt(pod.manifest.value, path))?.toLowerCase() === 'guaranteed');
}

/** All containers count, init containers too; a request that is left out equals the limit. */
function checkGuaranteed(pod: PodSpec, report: Reporter): void {
  if (['cpu', 'memory'].every((name) => isEven(pod.spec['resources'], name))) return;
  for (const container of pod.containers.filter(({ role }) => role !== 'ephemeral')) {
    for (const name of ['cpu', 'memory']) checkEven({ pod, container, report }, name);
  }
}

function isEven(resources: unknown, name: string): boolean {
  const limit = quantityOf(valueAt(resources, ['limits', name]));
  const request = valueAt(resources, ['requests', name]);
  return limit !== undefined && (request === undefined || quantityOf(request) === limit);
}

function checkEven(
  { pod, container, report }: { pod: PodSpec; container: Container; report: Reporter },
  name: string,
): void {
  const resources = container.value['resources'];
  if (isEven(resources, name)) return;
  const request = valueAt(resources, ['requests', name]);
  const limit = valueAt(resources, ['limits', name]);
  if (limit === undefined) {
    report.find(
      missingIn(pod.manifest, [...container.path, 'resources', 'limits']),
      `${containerName(container)} has no ${name} limit, so ${named(pod.manifest)} is not Guaranteed as it asks`,
    );
    return;
  }
  report.find(
    spotOf(pod.manifest, [...container.path, 'resources', 'requests', name]),
    `${containerName(container)} requests ${request} of ${name} and limits it to ${limit}; a Guaranteed pod needs both equal`,
  );
}

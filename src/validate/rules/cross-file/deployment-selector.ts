import { didYouMean } from '../../../config/suggest.ts';
import { componentName } from '../../cross-file/colors.ts';
import { allPods, podIndex } from '../../cross-file/pods.ts';
import { listOf, mappingOf, type Path, valueAt } from '../../document.ts';
import type { PodSpec } from '../../kubernetes/pods.ts';
import { labelSelector, matches, selectsAll } from '../../kubernetes/selectors.ts';
import { isComplete, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Workspace } from '../../workspace.ts';

/** Kinds whose `spec.selector` is a label selector over their own pods; Rollout is Argo's. */
const kinds = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Rollout']);

const selectorPath: Path = ['spec', 'selector'];

export const deploymentSelector: Rule = {
  id: 'deployment-selector',
  severity: 'error',
  layer: 'cross-file',
  title: 'The selector of a workload matches its own pods, and only these',
  why: 'The API server refuses a workload whose selector does not match its template. A selector that also matches the pods of another workload makes autoscalers and budgets count both.',
  fix: 'Repeat labels of `spec.template.metadata.labels` under `spec.selector.matchLabels`, among them one that no other workload has.',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector',
  check(workspace, report) {
    for (const pod of allPods(workspace)) {
      if (!kinds.has(pod.manifest.kind) || !isComplete(pod)) continue;
      if (checkOwn(pod, report)) checkOthers(pod, workspace, report);
    }
  },
};

/** Whether the selector matches the workload's own template. */
function checkOwn(pod: PodSpec, report: Reporter): boolean {
  const { manifest, labels } = pod;
  const selector = labelSelector(valueAt(manifest.value, selectorPath));
  if (!selector) return false;
  if (selectsAll(selector)) {
    const spot = { document: manifest.document, path: selectorPath, part: 'key' } as const;
    report.find(spot, `${named(manifest)} has an empty selector; it must name labels of its template`);
    return false;
  }
  const count = labelProblems(pod, report) + expressionProblems(pod, report);
  return count === 0 && matches(selector, labels);
}

function labelProblems({ manifest, labels }: PodSpec, report: Reporter): number {
  const path = [...selectorPath, 'matchLabels'];
  const wrong = Object.entries(mappingOf(valueAt(manifest.value, path)) ?? {}).filter(
    ([key, value]) => !Object.hasOwn(labels, key) || String(labels[key]) !== String(value),
  );
  for (const [key, value] of wrong) {
    const rest = Object.hasOwn(labels, key)
      ? `its template has ${key}: ${labels[key]}`
      : `its template has no such label${didYouMean(key, Object.keys(labels))}`;
    report.find(spotOf(manifest, [...path, key]), `${named(manifest)} selects ${key}: ${value}, but ${rest}`);
  }
  return wrong.length;
}

function expressionProblems({ manifest, labels }: PodSpec, report: Reporter): number {
  const path = [...selectorPath, 'matchExpressions'];
  const expressions = listOf(valueAt(manifest.value, path));
  let count = 0;
  expressions.forEach((expression, index) => {
    const selector = labelSelector({ matchExpressions: [expression] });
    if (!selector || matches(selector, labels)) return;
    count += 1;
    const key = String(valueAt(expression, ['key']));
    const given = Object.hasOwn(labels, key) ? `has ${key}: ${labels[key]}` : `has no label ${key}`;
    const message = `${named(manifest)} has a selector that does not match its own template, which ${given}`;
    report.find(spotOf(manifest, [...path, index]), message);
  });
  return count;
}

/** Copies of one component are the business of the rules about colours. */
function checkOthers({ manifest }: PodSpec, workspace: Workspace, report: Reporter): void {
  const selector = labelSelector(valueAt(manifest.value, selectorPath));
  if (!selector) return;
  const component = componentName(manifest.name);
  const other = podIndex(workspace)
    .selected(selector, manifest)
    .find((pod) => kinds.has(pod.manifest.kind) && componentName(pod.manifest.name) !== component);
  if (!other) return;
  report.find(
    { document: manifest.document, path: selectorPath, part: 'key' },
    `${named(manifest)} also selects the pods of ${named(other.manifest)}; add a label that only its own pods have`,
    { severity: 'warning' },
  );
}

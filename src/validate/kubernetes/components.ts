import type { Component } from '../../config/model.ts';
import type { Workspace } from '../workspace.ts';
import type { PodSpec } from './pods.ts';

/** Labels that name what a pod is. */
const nameLabels = ['app.kubernetes.io/name', 'app.kubernetes.io/component', 'app', 'component'];

/**
 * The component of cutover.yml that the pods belong to: the workload, a container or one of the usual labels bears its
 * name. A colour at the end of the workload's name does not count.
 */
export function componentOf(workspace: Workspace, pod: PodSpec): Component | undefined {
  const components = workspace.release?.components;
  if (!components) return undefined;
  const names = [
    pod.manifest.name.replace(/-(?:blue|green)$/, ''),
    ...nameLabels.flatMap((label) => (Object.hasOwn(pod.labels, label) ? [String(pod.labels[label])] : [])),
    ...pod.containers.filter(({ role }) => role === 'main').map(({ name }) => name),
  ];
  const name = names.find((candidate) => Object.hasOwn(components, candidate));
  return name === undefined ? undefined : components[name];
}

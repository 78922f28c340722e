import { mappingOf, type Path, valueAt } from '../document.ts';
import type { Spot } from '../rule.ts';
import type { Container, PodSpec } from './pods.ts';
import { missingIn } from './workloads.ts';

/** A setting and where it was made. */
export interface Setting {
  readonly value: unknown;
  readonly path: Path;
}

/** What holds for a container: its own securityContext first, then the pod's; undefined where neither says anything. */
export function effective(pod: PodSpec, container: Container, key: Path): Setting | undefined {
  return own(container, key) ?? settingIn(pod.spec, pod.path, key);
}

/** What the container's own securityContext says. */
export const own = (container: Container, key: Path): Setting | undefined =>
  settingIn(container.value, container.path, key);

function settingIn(holder: unknown, path: Path, key: Path): Setting | undefined {
  const value = valueAt(holder, ['securityContext', ...key]);
  return value === undefined || value === null
    ? undefined
    : { value, path: [...path, 'securityContext', ...key] };
}

/** Where a missing setting of a container belongs. */
export const missingFor = (pod: PodSpec, container: Container): Spot =>
  missingIn(pod.manifest, [...container.path, ...contextKey(container.value)]);

/** Where a setting belongs that all containers of the pod miss and would inherit. */
export const missingForPod = (pod: PodSpec): Spot =>
  missingIn(pod.manifest, [...pod.path, ...contextKey(pod.spec)]);

const contextKey = (holder: Readonly<Record<string, unknown>>): Path =>
  mappingOf(holder['securityContext']) ? ['securityContext'] : [];

/** Whether the container is privileged, which makes most other settings void. */
export const isPrivileged = (container: Container): boolean => own(container, ['privileged'])?.value === true;

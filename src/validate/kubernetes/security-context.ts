import { mappingOf, type Path, valueAt } from '../document.ts';
import { editOf } from '../fix/mapping-edits.ts';
import type { Reporter, Spot } from '../rule.ts';
import { type ContextSetting, containerEdit, podEdit } from './context-edits.ts';
import type { Container, PodSpec } from './pods.ts';
import { containerName, missingIn, named } from './workloads.ts';

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
const missingForPod = (pod: PodSpec): Spot => missingIn(pod.manifest, [...pod.path, ...contextKey(pod.spec)]);

interface Missing {
  readonly pod: PodSpec;
  readonly containers: readonly Container[];
  /** What is said of them: `may run as root; write runAsNonRoot: true`. */
  readonly predicate: string;
  /** What --fix writes; nothing where it cannot be told whether the program bears it. */
  readonly mended?: ContextSetting;
}

/** Tells what containers miss that they could inherit: once for the pod where all of them do, else for each. */
export function tellMissing({ pod, containers, predicate, mended }: Missing, report: Reporter): void {
  if (containers.length > 0 && containers.length === pod.containers.length) {
    const edit = editOf(mended && podEdit(pod, mended));
    report.find(missingForPod(pod), `${named(pod.manifest)} ${predicate}`, edit);
    return;
  }
  for (const container of containers) {
    const edit = editOf(mended && containerEdit(pod, container, mended));
    report.find(missingFor(pod, container), `${containerName(container)} ${predicate}`, edit);
  }
}

const contextKey = (holder: Readonly<Record<string, unknown>>): Path =>
  mappingOf(holder['securityContext']) ? ['securityContext'] : [];

/** Whether the container is privileged, which makes most other settings void. */
export const isPrivileged = (container: Container): boolean => own(container, ['privileged'])?.value === true;

import { listOf, mappingOf, textOf, valueAt } from '../../document.ts';
import type { Container, PodSpec } from '../../kubernetes/pods.ts';
import { named } from '../../kubernetes/workloads.ts';
import type { Workspace } from '../../workspace.ts';
import { unknown } from '../variables.ts';
import { environmentIn } from './environment-name.ts';
import { type KeyedObject, keyedObjects } from './keyed-objects.ts';
import { type Gathered, gathered, type Supplier } from './supplier.ts';

/** One container of a workload, with what overlays add to it. */
export interface Workload {
  readonly pod: PodSpec;
  readonly container: Container;
  /** The same container in patches, in the order of the files. */
  readonly patches: readonly { readonly pod: PodSpec; readonly container: Container }[];
  readonly environment: string | undefined;
}

interface Scope {
  readonly workspace: Workspace;
  readonly workload: Workload;
  readonly result: Gathered;
}

/** Where a pod belongs by its namespace, or else by the path of its file. */
export function environmentOf(workspace: Workspace, { manifest }: PodSpec): string | undefined {
  return (
    environmentIn(workspace, manifest.namespace ?? '') ??
    environmentIn(workspace, manifest.document.file.path)
  );
}

/**
 * The environment of one container by Kubernetes' rules: `envFrom` in order, a later one wins; `env` over all of them;
 * `$(NAME)` in its values stands for what is set before it.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function kubernetesSupplier(workspace: Workspace, workload: Workload, base: Gathered): Supplier {
  const result = gathered();
  for (const [name, variable] of base.variables) result.variables.set(name, variable);
  const scope: Scope = { workspace, workload, result };
  const parts = [workload, ...workload.patches];
  for (const part of parts) for (const item of listOf(part.container.value['envFrom'])) takeAll(scope, item);
  for (const part of parts) for (const item of listOf(part.container.value['env'])) takeOne(scope, item);
  if (parts.some(({ container }) => listOf(container.value['env']).length > 0))
    result.sources.push('its env');
  const { manifest } = workload.pod;
  for (const reason of injected(workload.pod)) result.open.push(reason);
  return {
    name: `${named(manifest)} (${manifest.document.file.path})`,
    environment: workload.environment,
    ...result,
  };
}

/** Agents that start the container with more variables than the manifest has. */
function injected(pod: PodSpec): readonly string[] {
  const template = pod.path.slice(0, -1);
  const annotations = mappingOf(valueAt(pod.manifest.value, [...template, 'metadata', 'annotations'])) ?? {};
  const agent = Object.keys(annotations).find((key) =>
    /^(?:vault\.(?:hashicorp|security\.banzaicloud)\.|operator\.1password\.io\/inject)/.test(key),
  );
  return agent === undefined ? [] : [`the annotation ${agent.slice(0, 60)} lets an agent add variables`];
}

function takeAll(scope: Scope, item: unknown): void {
  const source = mappingOf(item) ?? {};
  const prefix = textOf(source['prefix']) ?? '';
  for (const [key, kind] of [
    ['configMapRef', 'ConfigMap'],
    ['secretRef', 'Secret'],
  ] as const) {
    const name = textOf(mappingOf(source[key])?.['name']);
    if (name === undefined) continue;
    const objects = objectsOf(scope, kind, name);
    if (objects.length === 0) scope.result.open.push(`${kind} "${name}" is not in the workspace`);
    for (const object of objects) {
      if (object.open !== undefined) scope.result.open.push(object.open);
      scope.result.sources.push(object.title);
      for (const [entry, value] of object.keys) {
        scope.result.variables.set(`${prefix}${entry}`, { value, origin: `${kind} "${name}"` });
      }
    }
  }
}

function objectsOf(
  { workspace, workload }: Scope,
  kind: 'ConfigMap' | 'Secret',
  name: string,
): readonly KeyedObject[] {
  const { namespace } = workload.pod.manifest;
  return keyedObjects(workspace, { kind, name, namespace, environment: workload.environment });
}

function takeOne(scope: Scope, item: unknown): void {
  const entry = mappingOf(item);
  const name = textOf(entry?.['name']);
  if (!entry || name === undefined) return;
  const { variables, lacking } = scope.result;
  const from = mappingOf(entry['valueFrom']);
  if (!from) {
    const text = entry['value'];
    const value =
      text === undefined || text === null
        ? ''
        : typeof text === 'object'
          ? unknown
          : expanded(String(text), variables);
    variables.set(name, { value, origin: 'env' });
    lacking.delete(name);
    return;
  }
  takeKey(scope, name, from);
}

function takeKey(scope: Scope, name: string, from: Readonly<Record<string, unknown>>): void {
  const { variables, lacking } = scope.result;
  for (const [part, kind] of [
    ['configMapKeyRef', 'ConfigMap'],
    ['secretKeyRef', 'Secret'],
  ] as const) {
    const reference = mappingOf(from[part]);
    const object = textOf(reference?.['name']);
    const key = textOf(reference?.['key']);
    if (object === undefined || key === undefined) continue;
    const objects = objectsOf(scope, kind, object);
    const holder = objects.findLast(({ keys }) => keys.has(key));
    const isKnown = objects.length > 0 && objects.every(({ open }) => open === undefined);
    if (holder === undefined && isKnown) {
      lacking.set(name, `${objects[0]?.title ?? kind} has no key ${key}`);
      // What an `envFrom` gave stays where the reference is optional; else the container does not start at all.
      if (reference?.['optional'] !== true) variables.delete(name);
      return;
    }
    variables.set(name, { value: holder?.keys.get(key) ?? unknown, origin: `${kind} "${object}"` });
    lacking.delete(name);
    return;
  }
  variables.set(name, { value: unknown, origin: 'the pod' });
}

/** `$(NAME)` for what is set before; `$$(NAME)` is plain text, and so is a name that nothing sets. */
function expanded(text: string, variables: Gathered['variables']): string | typeof unknown {
  if (!text.includes('$(')) return text;
  let isUnknown = false;
  const result = text.replace(/\$\$|\$\(([A-Za-z_.-][\w.-]*)\)/g, (written, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = variables.get(name)?.value;
    if (value === unknown) isUnknown = true;
    return value === undefined || value === unknown ? written : value;
  });
  return isUnknown ? unknown : result;
}

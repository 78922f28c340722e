import type { Component } from '../../../config/model.ts';
import { podSpecs } from '../../kubernetes/pods.ts';
import type { Workspace } from '../../workspace.ts';
import { type Named, readerOf } from '../entries.ts';
import { composeSupplier } from './compose.ts';
import { canonical, environmentIn } from './environment-name.ts';
import { imageVariables } from './image.ts';
import { kubernetesSupplier } from './kubernetes.ts';
import { localSupplier } from './local.ts';
import type { Supplier } from './supplier.ts';
import { servicesOf, workloadsOf } from './workloads.ts';

/** What the component that reads a file gets as its environment, once for each place it runs in; or why none is known. */
export type Suppliers = { readonly suppliers: readonly Supplier[] } | { readonly reason: string };

const cache = new WeakMap<Named, Suppliers>();

export function suppliersOf(workspace: Workspace, named: Named): Suppliers {
  const known = cache.get(named);
  if (known) return known;
  const found = find(workspace, named);
  cache.set(named, found);
  return found;
}

function find(workspace: Workspace, named: Named): Suppliers {
  const component = readerOf(workspace, named);
  if (!component) {
    return { reason: 'its entry in config: names no component, so it is not known what environment it gets' };
  }
  const wanted = wantedOf(workspace, named);
  const all = everySupplier(workspace, component);
  const fitting = all.filter(
    ({ environment }) => wanted === undefined || environment === undefined || wanted.has(environment),
  );
  const exact = fitting.filter(({ environment }) => environment !== undefined && wanted?.has(environment));
  const local = localOf(workspace, component, wanted, all.length);
  if (exact.length > 0) return { suppliers: exact };
  if (local) return { suppliers: [local] };
  if (fitting.length > 0) return { suppliers: fitting };
  const where = wanted === undefined ? '' : ` in ${[...wanted].join(', ')}`;
  return {
    reason: `no workload or service runs component ${component.name}${where}, so its environment is not known`,
  };
}

/** The environments that a file is for: those of its entry, else the one its name tells; undefined: all. */
function wantedOf(workspace: Workspace, { entry, file }: Named): ReadonlySet<string> | undefined {
  const released = workspace.environment === undefined ? undefined : canonical(workspace.environment);
  if (entry.environments !== undefined) {
    const names = entry.environments.map(canonical);
    return new Set(released !== undefined && names.includes(released) ? [released] : names);
  }
  const own = environmentIn(workspace, file.document.file.path) ?? released;
  return own === undefined ? undefined : new Set([own]);
}

const perComponent = new WeakMap<Component, readonly Supplier[]>();

function everySupplier(workspace: Workspace, component: Component): readonly Supplier[] {
  const known = perComponent.get(component);
  if (known) return known;
  const base = imageVariables(workspace, component);
  const found = [
    ...workloadsOf(workspace, component).map((workload) => kubernetesSupplier(workspace, workload, base)),
    ...servicesOf(workspace, component).map((service) => composeSupplier(workspace, service, base)),
  ];
  perComponent.set(component, found);
  return found;
}

/** The local target, where that is meant, or nothing else can be. */
function localOf(
  workspace: Workspace,
  component: Component,
  wanted: ReadonlySet<string> | undefined,
  others: number,
): Supplier | undefined {
  const environments = Object.values(workspace.release?.environments ?? {});
  const local = environments.find(
    ({ name, target }) => target === 'local' && (wanted === undefined || wanted.has(canonical(name))),
  );
  const isOnly = podSpecs(workspace).length === 0 && workspace.composeFiles.length === 0;
  if (local && (wanted !== undefined || (others === 0 && isOnly)))
    return localSupplier(component, local.name);
  return isOnly && environments.length === 1 && environments[0]
    ? localSupplier(component, environments[0].name)
    : undefined;
}

import type { Component } from '../../../config/model.ts';
import { mappingOf, textOf } from '../../document.ts';
import { imageReference } from '../../kubernetes/images.ts';
import { type Container, type PodSpec, podSpecs } from '../../kubernetes/pods.ts';
import { isComplete } from '../../kubernetes/workloads.ts';
import type { Workspace } from '../../workspace.ts';
import { type ComposeService, composeServices, partsOf } from './compose.ts';
import { compatible } from './environment-name.ts';
import { folderOf } from './image.ts';
import { environmentOf, type Workload } from './kubernetes.ts';

/** How sure it is that a workload runs a component: the smaller, the surer. */
type Rank = 0 | 1 | 2 | undefined;

/** The containers that run a component: by image, by a label, or by a name. Jobs that share its image count, too. */
export function workloadsOf(workspace: Workspace, component: Component): readonly Workload[] {
  const pods = podSpecs(workspace);
  const ranked = pods.filter(isComplete).flatMap((pod) => {
    const rank = rankOf(workspace, component, pod);
    const container = rank === undefined ? undefined : containerOf(component, pod);
    return rank !== undefined && container ? [{ rank, pod, container }] : [];
  });
  const best = Math.min(...ranked.map(({ rank }) => rank));
  const fragments = pods.filter((pod) => !isComplete(pod));
  return ranked
    .filter(({ rank }) => rank === best)
    .flatMap(({ pod, container }) => withPatches(workspace, pod, container, fragments));
}

/** As it is, or once for each environment that a patch is for. */
function withPatches(
  workspace: Workspace,
  pod: PodSpec,
  container: Container,
  fragments: readonly PodSpec[],
): readonly Workload[] {
  const environment = environmentOf(workspace, pod);
  const patches = fragments
    .filter(({ manifest }) => manifest.kind === pod.manifest.kind && manifest.name === pod.manifest.name)
    .flatMap((patch) => {
      const same = patch.containers.find(
        ({ name, role }) => name === container.name && role === container.role,
      );
      const of = environmentOf(workspace, patch);
      return same && compatible(of, environment) ? [{ pod: patch, container: same, of }] : [];
    });
  const names = new Set([
    environment ?? patches.find(({ of }) => of === undefined)?.of,
    ...patches.map(({ of }) => of ?? environment),
  ]);
  return [...names].map((name) => ({
    pod,
    container,
    environment: name,
    patches: patches.filter(({ of }) => compatible(of, name) && (name !== undefined || of === undefined)),
  }));
}

function rankOf(workspace: Workspace, component: Component, pod: PodSpec): Rank {
  const images = pod.containers.map(({ value }) => textOf(value['image']) ?? '');
  if (images.some((image) => isImageOf(component, image))) return 0;
  const metadata = mappingOf(pod.manifest.value['metadata']);
  const labels = { ...mappingOf(metadata?.['labels']), ...pod.labels };
  const names = ['app.kubernetes.io/component', 'app.kubernetes.io/name', 'app', 'component', 'name'];
  if (names.some((key) => isNameOf(workspace, component, labels[key]))) return 1;
  const isNamed =
    isNameOf(workspace, component, pod.manifest.name) ||
    pod.containers.some(({ name }) => name === component.name);
  return isNamed ? 2 : undefined;
}

/** The component's own image, or one whose last part is its name. */
function isImageOf(component: Component, image: string): boolean {
  if (image === '') return false;
  const { repository } = imageReference(image);
  if (component.image !== undefined) return component.image === repository;
  return repository.split('/').at(-1) === component.name;
}

/** `gateway`, `trading-gateway`, `gateway-blue`, `gateway-deployment`. */
function isNameOf(workspace: Workspace, component: Component, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const application = workspace.release?.name ?? '';
  const plain = given.replace(/-(?:blue|green|deployment|deploy|app|service|svc|pod|api)$/, '');
  return [given, plain].some(
    (name) => name === component.name || name === `${application}-${component.name}`,
  );
}

/** The container with the component's image or name; else the only main one. */
function containerOf(component: Component, pod: PodSpec): Container | undefined {
  const main = pod.containers.filter(({ role }) => role === 'main');
  return (
    main.find(({ value }) => isImageOf(component, textOf(value['image']) ?? '')) ??
    main.find(({ name }) => name === component.name) ??
    (main.length === 1 ? main[0] : undefined)
  );
}

/** The Compose services that run a component: by what they build, their image or their name. */
export function servicesOf(workspace: Workspace, component: Component): readonly ComposeService[] {
  return composeServices(workspace).filter((service) => {
    const parts = partsOf(service);
    if (isNameOf(workspace, component, service.name)) return true;
    if (parts.some((part) => isImageOf(component, textOf(part['image']) ?? ''))) return true;
    const folder = folderOf(workspace, component);
    return folder !== '.' && parts.some((part) => builds(service, part, folder));
  });
}

function builds(service: ComposeService, part: Readonly<Record<string, unknown>>, folder: string): boolean {
  const build = part['build'];
  const context = textOf(build) ?? textOf(mappingOf(build)?.['context']);
  if (context === undefined) return false;
  const path = service.files[0]?.document.file.path ?? '';
  const above = path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/` : '';
  return `${above}${context.replace(/^\.\//, '')}`.replace(/\/$/, '') === folder;
}

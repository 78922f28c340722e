import { listOf, mappingOf, textOf, valueAt } from '../document.ts';
import { isTemplated } from '../kubernetes/images.ts';
import type { PodSpec } from '../kubernetes/pods.ts';
import { equalitySelector, type Selector } from '../kubernetes/selectors.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { podIndex } from './pods.ts';

/** A Service that selects pods, with those of the workspace that it selects. */
export interface SelectingService {
  readonly manifest: Manifest;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly selector: Selector;
  readonly pods: readonly PodSpec[];
  readonly isHeadless: boolean;
}

/** One of a Service's ports. */
export interface ServicePort {
  readonly index: number;
  readonly name: string | undefined;
  readonly port: unknown;
  /** As written. */
  readonly targetPort: unknown;
  readonly protocol: string;
}

const cache = new WeakMap<Workspace, readonly SelectingService[]>();

/** Services with a selector, joined once with their pods. Those whose labels a tool fills in are left out. */
export function selectingServices(workspace: Workspace): readonly SelectingService[] {
  const known = cache.get(workspace);
  if (known) return known;
  const index = podIndex(workspace);
  const found = workspace.manifests.flatMap((manifest) => {
    const spec = manifest.kind === 'Service' ? mappingOf(manifest.value['spec']) : undefined;
    const labels = mappingOf(spec?.['selector']);
    const selector = equalitySelector(labels);
    if (!spec || !labels || !selector || spec['type'] === 'ExternalName' || !isCore(manifest)) return [];
    if (Object.values(labels).some((label) => isTemplated(String(label)))) return [];
    const pods = index.selected(selector, manifest);
    return [{ manifest, labels, selector, pods, isHeadless: spec['clusterIP'] === 'None' }];
  });
  cache.set(workspace, found);
  return found;
}

/** Knative has a kind of that name, too. */
const isCore = ({ apiVersion }: Manifest): boolean => apiVersion === 'v1';

export function servicePorts(service: Manifest): readonly ServicePort[] {
  return listOf(valueAt(service.value, ['spec', 'ports'])).flatMap((item, index) => {
    const port = mappingOf(item);
    if (!port) return [];
    const protocol = textOf(port['protocol']) ?? 'TCP';
    return [
      { index, name: textOf(port['name']), port: port['port'], targetPort: port['targetPort'], protocol },
    ];
  });
}

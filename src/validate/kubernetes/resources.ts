import { listOf, mappingOf, valueAt } from '../document.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import type { Container, PodSpec } from './pods.ts';
import { sameNamespace } from './selectors.ts';

/** Which requests and limits are there. */
export interface Resources {
  has(kind: 'requests' | 'limits', name: 'cpu' | 'memory'): boolean;
}

/** A container's resources. A limit alone is also the request; the pod's own resources (1.34 and later) count for all. */
export function resourcesOf(pod: PodSpec, container: Container): Resources {
  return {
    has: (kind, name) =>
      [container.value['resources'], pod.spec['resources']].some(
        (resources) =>
          isGiven(resources, kind, name) || (kind === 'requests' && isGiven(resources, 'limits', name)),
      ),
  };
}

const isGiven = (resources: unknown, kind: string, name: string): boolean => {
  const value = valueAt(resources, [kind, name]);
  return value !== undefined && value !== null;
};

const cache = new WeakMap<Workspace, readonly Manifest[]>();

/** What a LimitRange of the namespace fills in where a container leaves it out. */
export function defaultedResources(workspace: Workspace, workload: Manifest): Resources {
  const ranges = limitRanges(workspace).filter((range) => sameNamespace(range, workload));
  const limits = ranges.flatMap((range) => listOf(valueAt(range.value, ['spec', 'limits'])).map(mappingOf));
  const ofContainers = limits.filter((limit) => limit?.['type'] === 'Container');
  return {
    has: (kind, name) =>
      ofContainers.some((limit) => {
        const isLimit = valueAt(limit, ['default', name]) !== undefined;
        return isLimit || (kind === 'requests' && valueAt(limit, ['defaultRequest', name]) !== undefined);
      }),
  };
}

function limitRanges(workspace: Workspace): readonly Manifest[] {
  const known = cache.get(workspace);
  if (known) return known;
  const found = workspace.manifests.filter(({ kind }) => kind === 'LimitRange');
  cache.set(workspace, found);
  return found;
}

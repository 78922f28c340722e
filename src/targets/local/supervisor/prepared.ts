import type { Color } from '../../../config/model.ts';
import type { PrepareParams } from '../protocol.ts';
import type { StoredColor, StoredInstance } from '../state.ts';

const newInstance: Omit<StoredInstance, 'id'> = {
  port: 0,
  startId: '',
  pid: null,
  identity: null,
  restarts: 0,
  ready: false,
};

/** What a colour is to run; instances that it has already keep their processes. */
export function preparedColor(params: PrepareParams, before: StoredColor | null): StoredColor {
  const { component, color, release, artifact, baseEnvironment } = params;
  const known = new Map(before?.instances.map((instance) => [instance.id, instance]));
  const ids = Array.from({ length: params.instances }, (_, index) =>
    instanceId(component.name, color, index + 1),
  );
  const instances = ids.map((id) => known.get(id) ?? { ...newInstance, id });
  return { release, artifact, component, baseEnvironment, instances, retirement: null };
}

const instanceId = (component: string, color: Color, number: number): string =>
  `${component}/${color}-${number}`;

/** The same release started in the same way; another number of instances or another PATH does not count. */
export function runsAlready(stored: StoredColor | null, params: PrepareParams): boolean {
  if (!stored) return true;
  if (stored.retirement?.phase === 'stopping' || stored.release.id !== params.release.id) return false;
  const way = (component: PrepareParams['component'], digest: string) =>
    JSON.stringify({ ...component, instances: 0, digest });
  return way(stored.component, stored.artifact.digest) === way(params.component, params.artifact.digest);
}

import type { Color } from '../../config/model.ts';
import { identityOf } from '../../platform/daemons.ts';
import type { ColorState, ComponentState, Instance, Inventory } from '../target.ts';
import type { StoredColor, StoredComponent, StoredInstance, StoredState } from './state.ts';

/** What a state folder tells when no supervisor runs: processes are looked at, nothing is started. */
export async function inspectOffline(state: StoredState): Promise<Inventory> {
  const components: Record<string, ComponentState> = {};
  for (const component of Object.values(state.components)) {
    components[component.name] = await describeComponent(component);
  }
  return { components };
}

async function describeComponent(component: StoredComponent): Promise<ComponentState> {
  const { name, route, colors } = component;
  const describe = (color: Color) => describeColor(name, color, colors[color]);
  return {
    name,
    route: { live: route.live ?? undefined, version: route.version },
    colors: { blue: await describe('blue'), green: await describe('green') },
  };
}

async function describeColor(
  component: string,
  color: Color,
  stored: StoredColor | null,
): Promise<ColorState> {
  if (!stored) return { status: 'absent', release: undefined, instances: [], keepUntil: undefined };
  const instances: Instance[] = [];
  for (const one of stored.instances) instances.push(await describeInstance(component, color, one));
  const runs = instances.some(({ status }) => status !== 'exited');
  return { status: runs ? 'degraded' : 'absent', release: stored.release, instances, keepUntil: undefined };
}

async function describeInstance(component: string, color: Color, stored: StoredInstance): Promise<Instance> {
  const { id, port, pid, identity, restarts } = stored;
  const runs = pid !== null && identity !== null && (await identityOf(pid)) === identity;
  return {
    id,
    component,
    color,
    status: runs ? 'unhealthy' : 'exited',
    url: `http://127.0.0.1:${port}`,
    pid: runs ? pid : undefined,
    restarts,
    detail: runs ? 'it runs, but the supervisor and its proxy do not' : 'its process is gone',
  };
}

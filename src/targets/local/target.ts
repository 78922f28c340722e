import type { Color, Component } from '../../config/model.ts';
import { UserError } from '../../platform/errors.ts';
import type { ExecRequest, Executed, FaultControl } from '../fault.ts';
import type {
  ColorTraffic,
  Instance,
  Inventory,
  JournalStore,
  LeaseStore,
  PrepareRequest,
  Retired,
  RetireRequest,
  Route,
  Target,
} from '../target.ts';
import { baseEnvironment } from './base-environment.ts';
import { faultsOf } from './faults.ts';
import { journalOf } from './journal.ts';
import { leasesOf } from './leases.ts';
import { inspectOffline } from './offline.ts';
import { routeOf } from './route.ts';
import type { Session } from './session.ts';
import { readState } from './state.ts';

const host = '127.0.0.1';

/** See {@link Target}; what changes something starts the supervisor, what only reads does not. */
export class LocalTarget implements Target {
  readonly kind = 'local';
  readonly faults: FaultControl;
  readonly journal: JournalStore;
  readonly lease: LeaseStore;
  readonly #session: Session;
  readonly #components: Readonly<Record<string, Component>>;

  constructor(session: Session, components: Readonly<Record<string, Component>>) {
    this.#session = session;
    this.#components = components;
    this.journal = journalOf(session);
    this.lease = leasesOf(session);
    this.faults = faultsOf(session);
  }

  async inspect(): Promise<Inventory> {
    const told = await this.#session.ask('inspect', {});
    if (told) return completed(told);
    const { platform, stateFolder } = this.#session;
    return inspectOffline(await readState(platform.files, stateFolder));
  }

  async prepare(request: PrepareRequest): Promise<void> {
    const { component, color, release, instances, token, signal, onProgress } = request;
    const artifact = release.artifacts[component.name];
    if (!artifact) throw new UserError(`release ${release.id} holds nothing for ${component.name}`);
    const { platform } = this.#session;
    if (!(await platform.files.exists(artifact.location))) {
      throw new UserError(`the packed copy of ${component.name} is gone: ${artifact.location}`, {
        next: 'cutover apply',
        docs: 'docs/local-target.md#state',
      });
    }
    if (!Number.isInteger(instances) || instances < 1) {
      throw new UserError(`${component.name}: ${instances} instances cannot be prepared`);
    }
    const { id, version, sha } = release;
    await this.#session.call(
      'prepare',
      {
        component,
        color,
        release: { id, version, sha },
        artifact,
        instances,
        baseEnvironment: baseEnvironment(platform.env),
        token,
      },
      {
        signal,
        onProgress: onProgress && (({ ready, total, text }) => onProgress(ready, total, text)),
      },
    );
  }

  route(component: string): Route {
    return routeOf({
      session: this.#session,
      component,
      state: async () =>
        (await this.inspect()).components[component]?.route ?? { live: undefined, version: 0 },
      traffic: () => this.#traffic(component),
      endpoint: () => this.endpoint(component, 'live'),
      probePath: this.#components[component]?.health.http ?? '/',
    });
  }

  retire(request: RetireRequest): Promise<Retired> {
    const { signal, ...params } = request;
    return this.#session.call('retire', params, { signal }).then(completedRetired);
  }

  async endpoint(component: string, which: 'live' | Color): Promise<string> {
    if (which === 'live') return `http://${host}:${await this.#livePort(component)}`;
    if ((await this.instances(component, which)).length === 0) {
      throw new UserError(`${component}: nothing runs as ${which}`, { next: 'cutover status' });
    }
    const { host: name, port } = await this.#session.call('endpoint', { component, color: which });
    return `http://${name}:${port}`;
  }

  async instances(component: string, color: Color): Promise<readonly Instance[]> {
    return (await this.inspect()).components[component]?.colors[color].instances ?? [];
  }

  exec({ signal, ...params }: ExecRequest): Promise<Executed> {
    return this.#session.call('exec', params, { signal });
  }

  async close(): Promise<void> {
    this.#session.close();
  }

  async #livePort(component: string): Promise<number> {
    const { platform, stateFolder } = this.#session;
    const state = await readState(platform.files, stateFolder);
    const port = state.components[component]?.port || this.#components[component]?.port;
    if (port) return port;
    throw new UserError(`${component} has no port yet: nothing was ever released`, { next: 'cutover apply' });
  }

  async #traffic(component: string): Promise<Readonly<Record<Color, ColorTraffic>>> {
    const known = (await this.inspect()).components[component];
    const told = known && (await this.#session.ask('traffic', { component }));
    return {
      blue: { ...noTraffic, ...told?.blue },
      green: { ...noTraffic, ...told?.green },
    };
  }
}

const noTraffic: ColorTraffic = { answered: 0, inFlight: 0, upgraded: 0, lastAnswerAt: undefined };

/** JSON leaves out what is undefined; the contract has it. */
function completed(inventory: Inventory): Inventory {
  const components = Object.values(inventory.components).map((component) => ({
    ...component,
    route: { ...component.route, live: component.route.live ?? undefined },
    colors: { blue: completedColor(component.colors.blue), green: completedColor(component.colors.green) },
  }));
  return { components: Object.fromEntries(components.map((component) => [component.name, component])) };
}

function completedColor(color: Inventory['components'][string]['colors'][Color]) {
  return {
    status: color.status,
    release: color.release && { ...color.release, sha: color.release.sha ?? undefined },
    instances: color.instances.map((instance) => ({
      ...instance,
      pid: instance.pid ?? undefined,
      detail: instance.detail ?? undefined,
    })),
    keepUntil: color.keepUntil ?? undefined,
  };
}

const completedRetired = (retired: Retired): Retired => ({
  ...retired,
  keepUntil: retired.keepUntil ?? undefined,
});

import type { Clock } from '../../src/platform/clock.ts';
import {
  type Color,
  type ColorState,
  type ComponentState,
  Fenced,
  type Instance,
  type Inventory,
  LeaseHeld,
  type LeaseInfo,
  LeaseLost,
  NotReady,
  otherColor,
  type Release,
  RouteChanged,
  type RouteState,
  type Target,
} from '../../src/targets/target.ts';

import { type FakeFaults, fakeFaultControl, fakeFaults, faulted } from './fake-faults.ts';

interface FakeColor {
  release: Release | undefined;
  instances: number;
  health: 'ready' | 'unhealthy';
  keepUntil: number | undefined;
}

interface FakeComponent {
  route: RouteState;
  colors: Record<Color, FakeColor>;
}

/** What outlives a run: what is deployed, the journal and the lease. */
export interface FakeWorld {
  components: Map<string, FakeComponent>;
  journal: Map<string, string>;
  lease: (LeaseInfo & { token: number }) | undefined;
  lastToken: number;
  /** Every effect in order, as `switch gateway green`. */
  log: string[];
  /** Releases whose instances never become ready. */
  broken: Set<string>;
  /** `kind` of the target. */
  kind: string;
  /** What is broken on purpose. */
  faults: FakeFaults;
  /** Live colours of each component over time; a component whose live colour does not run would be an outage. */
  outages: string[];
}

export function fakeWorld(): FakeWorld {
  return {
    components: new Map(),
    journal: new Map(),
    lease: undefined,
    lastToken: 0,
    log: [],
    broken: new Set(),
    kind: 'fake',
    faults: fakeFaults(),
    outages: [],
  };
}

/** The connection died, as if the process had been killed: nothing that it asks for happens any more. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Called before and after each call of the target; may throw to make it fail, or kill. */
export type Interference = (call: string, moment: 'before' | 'after') => void;

const absent = (): FakeColor => ({ release: undefined, instances: 0, health: 'ready', keepUntil: undefined });

/** One run's connection to a world that holds everything in memory. It follows the contract of `Target` exactly. */
export function fakeTarget(world: FakeWorld, clock: Clock, interfere: Interference = () => {}): Target {
  const call = async <T>(name: string, act: () => T | Promise<T>): Promise<T> => {
    await Promise.resolve();
    interfere(name, 'before');
    const result = await act();
    watchForOutage(world);
    interfere(name, 'after');
    return result;
  };
  const fenced = (token: number) => {
    if (token < world.lastToken) throw new Fenced(`token ${token} is older than ${world.lastToken}`);
  };
  return {
    kind: world.kind,
    faults: fakeFaultControl({
      faults: world.faults,
      clock,
      log: world.log,
      call,
      fenced,
      find: (id) => everyInstance(world, clock).find((instance) => instance.id === id),
    }),
    exec: () => Promise.reject(new Error('the fake runs no commands')),
    journal: {
      read: (key) =>
        call(`read ${key}`, () => {
          const text = world.journal.get(key);
          return text === undefined ? undefined : JSON.parse(text);
        }),
      write: (key, document, token) =>
        call(`write ${key}`, () => {
          fenced(token);
          if (document === undefined) world.journal.delete(key);
          else world.journal.set(key, JSON.stringify(document));
        }),
    },
    lease: leaseStore(world, clock, call),
    inspect: () => call('inspect', () => inventoryOf(world, clock)),
    prepare: (request) =>
      call(`prepare ${request.component.name} ${request.color}`, () => {
        fenced(request.token);
        const component = componentIn(world, request.component.name);
        if (component.route.live === request.color) throw new Error('prepare of the live colour');
        component.colors[request.color] = {
          release: request.release,
          instances: request.instances,
          health: 'ready',
          keepUntil: undefined,
        };
        world.log.push(`prepare ${request.component.name} ${request.color} ${request.release.version}`);
        if (!world.broken.has(request.release.version)) return;
        component.colors[request.color].health = 'unhealthy';
        throw new NotReady('crashed', `${request.component.name}/${request.color}-1 crashed`, 'boom');
      }),
    route: (name) => ({
      read: () => call(`read route ${name}`, () => ({ ...componentIn(world, name).route })),
      switchTo: (color, { expecting, token }) =>
        call(`switch ${name} ${color}`, () => {
          fenced(token);
          const component = componentIn(world, name);
          if (component.route.version !== expecting) throw new RouteChanged(`route of ${name} changed`);
          if (component.colors[color].release === undefined) throw new RouteChanged(`${color} does not run`);
          component.route = { live: color, version: expecting + 1 };
          component.colors[color].keepUntil = undefined;
          world.log.push(`switch ${name} ${color}`);
          return { ...component.route, at: clock.now() };
        }),
      verify: (color, options = {}) =>
        call(`verify ${name} ${color}`, () => {
          options.signal?.throwIfAborted();
          return { firstNewMs: 1, lastOldMs: 2, verifiedMs: 3 };
        }),
      traffic: () => call('traffic', () => ({ blue: idle, green: idle })),
    }),
    retire: ({ component: name, color, token, keepMs }) =>
      call(`retire ${name} ${color}`, () => {
        fenced(token);
        const component = componentIn(world, name);
        if (component.route.live === color) throw new Error(`retire of the live colour ${color} of ${name}`);
        if (keepMs === 0) component.colors[color] = absent();
        else component.colors[color].keepUntil = clock.now() + keepMs;
        world.log.push(`retire ${name} ${color}${keepMs === 0 ? '' : ' warm'}`);
        const keepUntil = component.colors[color].keepUntil;
        return { drained: 'quiet' as const, residual: 0, answeredAfterSwitch: 0, keepUntil };
      }),
    endpoint: async (name, which) => `http://${which}.${name}.test`,
    instances: (name, color) =>
      call('instances', () =>
        instancesOf(name, color, componentIn(world, name).colors[color]).map((instance) =>
          faulted(instance, world.faults, clock.now()),
        ),
      ),
    close: async () => {},
  };
}

const idle = { answered: 0, inFlight: 0, upgraded: 0, lastAnswerAt: undefined };

function componentIn(world: FakeWorld, name: string): FakeComponent {
  const known = world.components.get(name);
  if (known) return known;
  const fresh: FakeComponent = {
    route: { live: undefined, version: 0 },
    colors: { blue: absent(), green: absent() },
  };
  world.components.set(name, fresh);
  return fresh;
}

function leaseStore(
  world: FakeWorld,
  clock: Clock,
  call: <T>(name: string, act: () => T) => Promise<T>,
): Target['lease'] {
  const held = () => (world.lease && world.lease.expiresAt > clock.now() ? world.lease : undefined);
  return {
    read: () => call('read lease', () => held()),
    acquire: ({ holder, ttlMs }) =>
      call('acquire lease', () => {
        const other = held();
        if (other)
          throw new LeaseHeld({ holder: other.holder, since: other.since, expiresAt: other.expiresAt });
        world.lastToken += 1;
        const token = world.lastToken;
        world.lease = { holder, since: clock.now(), expiresAt: clock.now() + ttlMs, token };
        const own = () => {
          if (world.lease?.token !== token) throw new LeaseLost('another run took the lease over');
          return world.lease;
        };
        return {
          token,
          holder,
          renew: () =>
            call('renew lease', () => {
              own().expiresAt = clock.now() + ttlMs;
            }),
          release: () =>
            call('release lease', () => {
              own();
              world.lease = undefined;
            }),
        };
      }),
  };
}

function everyInstance(world: FakeWorld, clock: Clock): Instance[] {
  return Object.values(inventoryOf(world, clock).components).flatMap(({ colors }) => [
    ...colors.blue.instances,
    ...colors.green.instances,
  ]);
}

function inventoryOf(world: FakeWorld, clock: Clock): Inventory {
  const components: Record<string, ComponentState> = {};
  const seen = (state: ColorState): ColorState => ({
    ...state,
    instances: state.instances.map((instance) => faulted(instance, world.faults, clock.now())),
  });
  for (const [name, { route, colors }] of world.components) {
    const [blue, green] = [stateOf(name, 'blue', colors.blue), stateOf(name, 'green', colors.green)];
    components[name] = { name, route: { ...route }, colors: { blue: seen(blue), green: seen(green) } };
  }
  return { components };
}

function stateOf(name: string, color: Color, fake: FakeColor): ColorState {
  const { release, keepUntil } = fake;
  const status =
    release === undefined
      ? 'absent'
      : keepUntil !== undefined
        ? 'retiring'
        : fake.health === 'ready'
          ? 'ready'
          : 'degraded';
  return { status, release, instances: instancesOf(name, color, fake), keepUntil };
}

function instancesOf(component: string, color: Color, fake: FakeColor): Instance[] {
  return Array.from({ length: fake.instances }, (_, index) => ({
    id: `${component}/${color}-${index + 1}`,
    component,
    color,
    status: fake.health,
    url: `http://${color}-${index + 1}.${component}.test`,
    pid: undefined,
    restarts: 0,
    detail: fake.health === 'ready' ? undefined : 'answers 500',
  }));
}

function watchForOutage(world: FakeWorld): void {
  for (const [name, { route, colors }] of world.components) {
    if (route.live && colors[route.live].release === undefined) {
      world.outages.push(`${name}: ${route.live} is live and does not run (${otherColor[route.live]} might)`);
    }
  }
}

import type { Color } from '../../../config/model.ts';
import { UserError } from '../../../platform/errors.ts';
import {
  type ColorTraffic,
  type ComponentState,
  type Retired,
  type RetireRequest,
  RouteChanged,
  type Switched,
} from '../../target.ts';
import type { Follows, PrepareParams, Progress } from '../protocol.ts';
import type { EmbeddedProxy } from '../proxy/proxy.ts';
import {
  type StoredColor,
  type StoredComponent,
  type StoredState,
  withColor,
  withComponent,
} from '../state.ts';
import { describeColor } from './description.ts';
import { Fleet } from './fleet.ts';
import { Gate } from './gate.ts';
import type { SupervisedInstance } from './instance.ts';
import { refuseFenced } from './lease.ts';
import { preparedColor, runsAlready } from './prepared.ts';
import { calledOff, type RetireEffects } from './retirement.ts';
import { Retirements } from './retirements.ts';
import { host, type Supervision } from './supervision.ts';

const colors: readonly Color[] = ['blue', 'green'];

/** One component: its two colours, its proxy and its route. */
export class ManagedComponent {
  readonly name: string;
  readonly #supervision: Supervision;
  readonly #proxy: EmbeddedProxy;
  readonly #gate: Gate;
  readonly #fleets: Readonly<Record<Color, Fleet>>;
  readonly #retirements: Retirements;
  #switchedAt: number | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isEnding = false;

  constructor(supervision: Supervision, name: string, proxy: EmbeddedProxy) {
    this.name = name;
    this.#supervision = supervision;
    this.#proxy = proxy;
    this.#gate = new Gate(supervision, name, proxy);
    const fleet = (color: Color) =>
      new Fleet(supervision, { component: name, color }, () => this.#pointProxyAt(color));
    this.#fleets = { blue: fleet('blue'), green: fleet('green') };
    this.#retirements = new Retirements(supervision, name, (color, token) =>
      this.#retireEffects(color, token),
    );
  }

  /** Goes on where an earlier supervisor was ended: processes, proxy, route and retirements. */
  async resume(): Promise<void> {
    const stored = this.#stored();
    for (const color of colors) {
      const one = stored.colors[color];
      if (one) await this.#fleets[color].adopt(one);
      this.#pointProxyAt(color);
    }
    this.#proxy.setLive(stored.route.live ?? undefined);
    await this.#gate.reopen(stored.port);
    for (const color of colors) {
      const retirement = stored.colors[color]?.retirement;
      if (retirement?.phase === 'stopping') this.#stopInBackground(color);
      else this.#retirements.resume(color, retirement ?? null);
    }
  }

  /** See `Target.prepare`. */
  async prepare(
    params: PrepareParams,
    waiting: { signal: AbortSignal; onProgress: (progress: Progress) => void },
  ): Promise<void> {
    const { component, color } = params;
    await this.#oneAfterTheOther(async () => {
      this.#refuseLive(color, 'prepared');
      refuseFenced(this.#supervision.store.current.lease, params.token);
      await this.#gate.openFor(component.port, this.#stored().port);
      if (!runsAlready(this.#color(color), params)) await this.#stopColor(color);
      await this.#write(params);
      const stored = this.#color(color);
      if (stored) await this.#fleets[color].matches(stored);
    });
    await this.#fleets[color].ready(component.health.startWithin, waiting.onProgress, waiting.signal);
  }

  /** See `Route.switchTo`: one durable compare-and-set, then the flip in memory. */
  async switchTo(to: { color: Color; expecting: number; token: number }): Promise<Switched> {
    const { store, platform } = this.#supervision;
    let changed = false;
    await store.update((state) => {
      refuseFenced(state.lease, to.token);
      const component = this.#stored(state);
      const { route } = component;
      if (route.version !== to.expecting) throw this.#routeChanged(state, to.expecting);
      changed = route.live !== to.color;
      if (!changed) return state;
      const stored = this.#takesTraffic(state, to.color);
      return withComponent(state, {
        ...component,
        route: { live: to.color, version: route.version + 1 },
        colors: { ...component.colors, [to.color]: stored },
      });
    });
    if (changed) {
      this.#proxy.setLive(to.color);
      this.#switchedAt = platform.clock.now();
    }
    const version = to.expecting + (changed ? 1 : 0);
    return { live: to.color, version, at: this.#switchedAt ?? platform.clock.now() };
  }

  /** Whether the data plane gives every new request to a colour only. */
  follows(color: Color): Follows {
    const { route } = this.#stored();
    const { firstNewMs, lastOldMs } = this.#proxy.sinceSwitch();
    const detail = this.#obstacle(color);
    return {
      route: { live: route.live ?? undefined, version: route.version },
      follows: detail === null,
      detail,
      firstNewMs: firstNewMs ?? null,
      lastOldMs: lastOldMs ?? null,
      switchedAt: this.#switchedAt ?? null,
    };
  }

  traffic(): Readonly<Record<Color, ColorTraffic>> {
    return this.#proxy.traffic();
  }

  /** Where requests always go to one colour, live or not; stays open until the colour is stopped. */
  async endpoint(color: Color): Promise<{ host: string; port: number }> {
    if (this.#color(color)) return this.#proxy.openColor(color, { host, port: 0 });
    throw new UserError(`${this.name}: nothing runs as ${color}`, { next: 'cutover status' });
  }

  /** See `Target.retire`. It goes on to its end when the caller stops waiting. */
  async retire(request: Omit<RetireRequest, 'signal'>): Promise<Retired> {
    refuseFenced(this.#supervision.store.current.lease, request.token);
    this.#refuseLive(request.color, 'retired');
    return this.#retirements.run(request);
  }

  get proxy(): EmbeddedProxy {
    return this.#proxy;
  }

  /** The instance of this id, of either colour. */
  member(id: string): SupervisedInstance | undefined {
    return colors.flatMap((color) => this.#fleets[color].members).find((member) => member.id === id);
  }

  /** Stops colours whose time is over; called a few times a second. */
  tick(now: number): void {
    for (const color of colors) {
      const retirement = this.#color(color)?.retirement;
      if (retirement?.phase === 'warm' && retirement.keepUntil <= now) this.#stopInBackground(color);
    }
  }

  logFiles(): readonly string[] {
    return colors.flatMap((color) => this.#fleets[color].members.map((member) => member.logFile));
  }

  /** Stops all processes and the proxy; the state goes on saying what ran. */
  async shutDown(graceMs: number | undefined): Promise<void> {
    this.#isEnding = true;
    await this.#gate.close();
    const stop = () => Promise.all(colors.map((color) => this.#fleets[color].stop(graceMs)));
    await stop();
    // What was being started meanwhile.
    await this.#turn;
    await stop();
  }

  /** Closes the proxy and leaves the processes to the next supervisor. */
  async abandon(): Promise<void> {
    for (const color of colors) this.#fleets[color].abandon();
    await this.#gate.close();
  }

  describe(): ComponentState {
    const { route, colors: stored } = this.#stored();
    const describe = (color: Color) =>
      describeColor(stored[color], {
        instances: this.#fleets[color].describe(),
        isLive: route.live === color,
      });
    return {
      name: this.name,
      route: { live: route.live ?? undefined, version: route.version },
      colors: { blue: describe('blue'), green: describe('green') },
    };
  }

  #stored(state: StoredState = this.#supervision.store.current): StoredComponent {
    const stored = state.components[this.name];
    return stored ?? { name: this.name, port: 0, route: { live: null, version: 0 }, colors: noColors };
  }

  #color(color: Color): StoredColor | null {
    return this.#stored().colors[color];
  }

  #pointProxyAt(color: Color): void {
    const running = this.#fleets[color].members.filter((member) => member.describe().pid !== undefined);
    const backends = running.map(({ id, port, usable }) => ({ id, host, port, usable }));
    this.#proxy.setBackends(color, backends);
  }

  /** @throws UserError where a request that is sent to the colour could not be answered */
  #takesTraffic(state: StoredState, color: Color): StoredColor {
    const stored = this.#stored(state).colors[color];
    if (!stored || stored.retirement?.phase === 'stopping' || this.#fleets[color].usable.length === 0) {
      throw new UserError(`${this.name}: ${color} has no ready instance; the route was not changed`, {
        next: 'cutover status',
        docs: 'docs/cutover.md#switch',
      });
    }
    if (this.#gate.port === undefined) {
      throw new UserError(
        `${this.name}: its port ${this.#stored().port} is not open; the route was not changed`,
        {
          docs: 'docs/local-target.md#limits',
        },
      );
    }
    return { ...stored, retirement: null };
  }

  /** Why new requests would not all be answered by a colour. A flip closes the idle connections to the other one. */
  #obstacle(color: Color): string | null {
    const { live } = this.#stored().route;
    if (live !== color || this.#proxy.live() !== color) return `the route says ${live ?? 'nobody'}`;
    if (this.#gate.port === undefined) return `port ${this.#stored().port} is not open`;
    if (this.#fleets[color].usable.length === 0) return `${color} has no ready instance`;
    return null;
  }

  #refuseLive(color: Color, what: string, state = this.#supervision.store.current): void {
    if (this.#stored(state).route.live !== color) return;
    throw new UserError(`${this.name}: ${color} is live and cannot be ${what}`, {
      next: 'cutover status',
      docs: 'docs/cutover.md#words',
    });
  }

  #routeChanged(state: StoredState, expecting: number): RouteChanged {
    const { live, version } = this.#stored(state).route;
    return new RouteChanged(
      `the route of ${this.name} was changed meanwhile: it is ${live ?? 'not set'} at version ${version}, expected version ${expecting}`,
      { next: 'cutover status', docs: 'docs/cutover.md#switch' },
    );
  }

  /** Makes the colour say what is to run. */
  #write(params: PrepareParams): Promise<void> {
    const { color, token } = params;
    return this.#supervision.store.update((state) => {
      refuseFenced(state.lease, token);
      this.#refuseLive(color, 'prepared', state);
      const before = this.#stored(state);
      const prepared = preparedColor(params, before.colors[color]);
      const port = this.#gate.port ?? before.port;
      return withComponent(state, { ...before, port, colors: { ...before.colors, [color]: prepared } });
    });
  }

  /** Ends whatever a colour runs and forgets it. */
  async #stopColor(color: Color, graceMs?: number): Promise<void> {
    const where = { component: this.name, color };
    const { store } = this.#supervision;
    await store.update((state) => {
      this.#refuseLive(color, 'stopped', state);
      return withColor(state, where, (stored) => stored && { ...stored, retirement: { phase: 'stopping' } });
    });
    await this.#closeRest(color);
    await this.#proxy.closeColor(color);
    await this.#fleets[color].stop(graceMs);
    await store.update((state) => withColor(state, where, () => null));
  }

  /** Closes what a colour still has open, WebSockets with 1001; resolves with how many that were. */
  async #closeRest(color: Color): Promise<number> {
    return (await this.#proxy.drain(color, { deadlineMs: 0 })).residual;
  }

  #stopInBackground(color: Color): void {
    void this.#oneAfterTheOther(async () => {
      const retirement = this.#color(color)?.retirement;
      if (!retirement || retirement.phase === 'draining') return;
      if (retirement.phase === 'warm' && retirement.keepUntil > this.#supervision.platform.clock.now())
        return;
      await this.#stopColor(color);
    }).catch((error: unknown) => this.#supervision.log(`${this.name}: stopping ${color}: ${error}`));
  }

  /** What retiring one of its colours needs of it. */
  #retireEffects(color: Color, token?: number): RetireEffects {
    const where = { component: this.name, color };
    const { store, platform } = this.#supervision;
    return {
      clock: platform.clock,
      retirement: () => this.#color(color)?.retirement ?? null,
      isAbsent: () => this.#color(color) === null,
      mark: (retirement) =>
        store.update((state) => {
          if (token !== undefined && retirement.phase === 'draining') refuseFenced(state.lease, token);
          this.#refuseLive(color, 'retired', state);
          const found = this.#stored(state).colors[color]?.retirement;
          if (retirement.phase === 'warm' && found?.phase !== 'draining') throw calledOff();
          return withColor(state, where, (stored) => stored && { ...stored, retirement });
        }),
      traffic: () => this.#proxy.traffic()[color],
      answeredAfterSwitch: () => this.#proxy.sinceSwitch().answeredAfterSwitch,
      closeRest: () => this.#closeRest(color),
      stop: () =>
        this.#oneAfterTheOther(async () => {
          if (this.#color(color)?.retirement === null) throw calledOff();
          if (this.#color(color)) await this.#stopColor(color);
        }),
    };
  }

  /** Changes to what runs happen one after the other; waiting for readiness does not hold the next one up. */
  #oneAfterTheOther<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      if (this.#isEnding) throw new UserError('the supervisor is being stopped');
      return task();
    });
    this.#turn = result.catch(() => {});
    return result;
  }
}

const noColors: StoredComponent['colors'] = { blue: null, green: null };

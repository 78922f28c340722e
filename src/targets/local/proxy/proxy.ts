import { type Clock, systemClock } from '../../../platform/clock.ts';
import { type Random, systemRandom } from '../../../platform/random.ts';
import type { Color, ColorTraffic } from '../../target.ts';
import { type Backend, BackendPool } from './backend-pool.ts';
import { ColorEntrances } from './color-entrances.ts';
import { type Core, defaultLimits, type Expiring, type Limits } from './core.ts';
import { type Address, Entrance } from './entrance.ts';
import type { FaultCounts, ProxyFault } from './faults/fault.ts';
import { Faults } from './faults/faults.ts';
import { type SinceSwitch, TrafficLog } from './traffic-log.ts';

export type { Backend } from './backend-pool.ts';
export type { Limits } from './core.ts';
export type { FaultCounts, ProxyFault } from './faults/fault.ts';
export type { SinceSwitch } from './traffic-log.ts';

export interface DrainRequest {
  /** What is still open after so many milliseconds from now is closed. */
  deadlineMs: number;
  /** Drained when nothing was answered for so long and nothing is open. Default 0. */
  quietMs?: number;
  signal?: AbortSignal;
}

export interface Drained {
  drained: 'quiet' | 'deadline';
  /** Requests and upgraded connections that were closed at the deadline. */
  residual: number;
  /** Ordinary requests that the colour answered after the last switch. */
  answeredAfterSwitch: number;
}

/**
 * The embedded proxy of one component: HTTP/1.1 on both sides, moved from colour to colour by one assignment. A request
 * goes to the colour that is live when its head is complete and finishes there, as do upgraded connections; the next
 * request of the same client connection goes to the new colour. See docs/local-target.md.
 */
export interface EmbeddedProxy {
  /** Listens; port 0 takes any free one. @throws UserError when the port is taken or not allowed */
  listen(address: Address): Promise<Address>;
  /**
   * Listens for requests that always go to one colour, live or not, and otherwise the same way through the proxy; port 0
   * takes any free one. A colour that is open already stays where it is. While such requests are open, the colour drains
   * no sooner than with any others, because stopping it would cut them. Their answers are left out of everything else:
   * `answered` and `lastAnswerAt` of the traffic, by which a retirement knows when clients have left, and `sinceSwitch`.
   * @throws UserError when the port is taken or not allowed
   */
  openColor(color: Color, address: Address): Promise<Address>;
  /** Closes what `openColor` opened, and its connections. */
  closeColor(color: Color): Promise<void>;
  /**
   * Replaces the faults of a colour. One that is there already with the same id, instances and effect goes on with its
   * counts. One that is left out ends at once and without a trace: what it held back goes on, in order. Requests that a
   * `blackhole` has taken are then sent to the component, unless their client has gone meanwhile.
   */
  setFaults(color: Color, faults: readonly ProxyFault[]): void;
  /** Undefined: no such fault is set. */
  faultCounts(id: string): FaultCounts | undefined;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
  /** Replaces a colour's instances; those that stay keep their connections. */
  setBackends(color: Color, backends: readonly Backend[]): void;
  /** Flips the route in memory, at once; undefined: requests are answered 503. Setting what is set changes nothing. */
  setLive(color: Color | undefined): void;
  live(): Color | undefined;
  traffic(): Record<Color, ColorTraffic>;
  sinceSwitch(): SinceSwitch;
  /**
   * Resolves when the colour is quiet, or at the deadline, when what is left is closed: WebSockets with 1001, requests
   * with 502 or, when the answer has begun, a reset. Rejects with the signal's reason.
   * @throws Error when the colour is live
   */
  drain(color: Color, request: DrainRequest): Promise<Drained>;
}

/** How often deadlines and stale connections are looked at, and how finely drains are watched, in milliseconds. */
const sweepMs = 250;
const drainPollMs = 10;

export function createProxy(options: {
  component: string;
  limits?: Partial<Limits>;
  clock?: Clock;
  random?: Random;
}): EmbeddedProxy {
  return new RunningProxy(options);
}

class RunningProxy implements EmbeddedProxy {
  private readonly core: Core;
  private readonly entrance: Entrance;
  private readonly colorEntrances: ColorEntrances;
  private readonly sweep: NodeJS.Timeout;

  constructor(options: Parameters<typeof createProxy>[0]) {
    const clock = options.clock ?? systemClock;
    const random = options.random ?? systemRandom;
    this.core = {
      component: options.component,
      limits: { ...defaultLimits, ...options.limits },
      clock,
      random,
      log: new TrafficLog(clock),
      pools: { blue: new BackendPool('blue'), green: new BackendPool('green') },
      faults: new Faults({ clock, random }),
      expiring: new Set<Expiring>(),
    };
    this.entrance = new Entrance(this.core);
    this.colorEntrances = new ColorEntrances(this.core);
    this.sweep = setInterval(() => this.expire(), Math.min(sweepMs, this.core.limits.headMs));
    this.sweep.unref();
  }

  listen(address: Address): Promise<Address> {
    return this.entrance.listen(address);
  }

  openColor(color: Color, address: Address): Promise<Address> {
    return this.colorEntrances.at(color, address);
  }

  closeColor(color: Color): Promise<void> {
    return this.colorEntrances.close(color);
  }

  setFaults(color: Color, faults: readonly ProxyFault[]): void {
    this.core.faults.set(color, faults);
  }

  faultCounts(id: string): FaultCounts | undefined {
    return this.core.faults.counts(id);
  }

  async close(): Promise<void> {
    clearInterval(this.sweep);
    const closed = Promise.all([this.entrance.close(), this.closeColor('blue'), this.closeColor('green')]);
    for (const pool of Object.values(this.core.pools))
      for (const connection of [...pool.connections]) connection.close();
    await closed;
    this.core.faults.close();
  }

  setBackends(color: Color, backends: readonly Backend[]): void {
    this.core.pools[color].set(backends);
  }

  setLive(color: Color | undefined): void {
    const { log, pools } = this.core;
    const before = log.live;
    if (before === color) return;
    log.flip(color);
    if (before !== undefined) pools[before].closeIdle();
  }

  live(): Color | undefined {
    return this.core.log.live;
  }

  traffic(): Record<Color, ColorTraffic> {
    return this.core.log.traffic();
  }

  sinceSwitch(): SinceSwitch {
    return this.core.log.sinceSwitch();
  }

  async drain(color: Color, request: DrainRequest): Promise<Drained> {
    const { clock, log } = this.core;
    if (log.live === color)
      throw new Error(`${color} of ${this.core.component} is live and cannot be drained`);
    const started = clock.monotonic();
    for (;;) {
      if (this.quiet(color, request.quietMs ?? 0)) return this.drained(color, 'quiet', 0);
      const left = started + request.deadlineMs - clock.monotonic();
      if (left <= 0) return this.drained(color, 'deadline', this.closeRest(color));
      await clock.sleep(Math.min(drainPollMs, left), request.signal);
      if (log.live === color)
        throw new Error(`${color} of ${this.core.component} became live while draining`);
    }
  }

  private drained(color: Color, how: Drained['drained'], residual: number): Drained {
    // Those of clients that came in at the colour's own address.
    this.core.pools[color].closeIdle();
    return { drained: how, residual, answeredAfterSwitch: this.core.log.sinceSwitch().answeredAfterSwitch };
  }

  private quiet(color: Color, quietMs: number): boolean {
    const { inFlight, upgraded } = this.core.log.traffic()[color];
    const last = this.core.log.lastAnswerMs(color);
    const answeredLately = last !== undefined && this.core.clock.monotonic() - last < quietMs;
    return inFlight === 0 && upgraded === 0 && !answeredLately;
  }

  private closeRest(color: Color): number {
    const { connections, held } = this.core.pools[color];
    const clients = [...held, ...[...connections].flatMap(({ client }) => client ?? [])];
    for (const client of clients) client.goAway();
    return clients.length;
  }

  private expire(): void {
    const nowMs = this.core.clock.monotonic();
    for (const one of this.core.expiring) if (nowMs >= one.deadline) one.expire();
    for (const pool of Object.values(this.core.pools)) pool.closeStale(nowMs);
  }
}

import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, systemClock } from '../../../platform/clock.ts';
import { codeOf, UserError } from '../../../platform/errors.ts';
import { type Random, systemRandom } from '../../../platform/random.ts';
import type { Color, ColorTraffic } from '../../target.ts';
import { type Backend, BackendPool } from './backend-pool.ts';
import { ClientConnection } from './client-connection.ts';
import { type Core, defaultLimits, type Expiring, type Limits } from './core.ts';
import { type SinceSwitch, TrafficLog } from './traffic-log.ts';

export type { Backend } from './backend-pool.ts';
export type { Limits } from './core.ts';
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
  listen(address: { host: string; port: number }): Promise<{ host: string; port: number }>;
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
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly sweep: NodeJS.Timeout;

  constructor(options: Parameters<typeof createProxy>[0]) {
    const clock = options.clock ?? systemClock;
    this.core = {
      component: options.component,
      limits: { ...defaultLimits, ...options.limits },
      clock,
      random: options.random ?? systemRandom,
      log: new TrafficLog(clock),
      pools: { blue: new BackendPool('blue'), green: new BackendPool('green') },
      expiring: new Set<Expiring>(),
    };
    // Half-open: a client may end its side after the request and still gets the answer.
    this.server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (accepted) =>
      this.accept(accepted),
    );
    this.sweep = setInterval(() => this.expire(), Math.min(sweepMs, this.core.limits.headMs));
    this.sweep.unref();
  }

  listen(address: { host: string; port: number }): Promise<{ host: string; port: number }> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => reject(listenError(this.core.component, address, error));
      this.server.once('error', failed);
      // The backlog holds the connections of a burst that arrive while other events are served.
      this.server.listen({ ...address, backlog: 1024 }, () => {
        this.server.off('error', failed);
        // An accept that fails (EMFILE) leaves the client in the backlog; the next one is tried again.
        this.server.on('error', () => {});
        const bound = this.server.address();
        const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
        resolve({ host: address.host, port });
      });
    });
  }

  async close(): Promise<void> {
    clearInterval(this.sweep);
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    for (const socket of this.sockets) socket.destroy();
    for (const pool of Object.values(this.core.pools))
      for (const connection of [...pool.connections]) connection.close();
    await closed;
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
      if (this.quiet(color, request.quietMs ?? 0)) return this.drained('quiet', 0);
      const left = started + request.deadlineMs - clock.monotonic();
      if (left <= 0) return this.drained('deadline', this.closeRest(color));
      await clock.sleep(Math.min(drainPollMs, left), request.signal);
      if (log.live === color)
        throw new Error(`${color} of ${this.core.component} became live while draining`);
    }
  }

  private drained(how: Drained['drained'], residual: number): Drained {
    return { drained: how, residual, answeredAfterSwitch: this.core.log.sinceSwitch().answeredAfterSwitch };
  }

  private quiet(color: Color, quietMs: number): boolean {
    const { inFlight, upgraded } = this.core.log.traffic()[color];
    const last = this.core.log.lastAnswerMs(color);
    const answeredLately = last !== undefined && this.core.clock.monotonic() - last < quietMs;
    return inFlight === 0 && upgraded === 0 && !answeredLately;
  }

  private closeRest(color: Color): number {
    const clients = [...this.core.pools[color].connections].flatMap(({ client }) => client ?? []);
    for (const client of clients) client.goAway();
    return clients.length;
  }

  private accept(accepted: Socket): void {
    const { socket } = new ClientConnection(this.core, accepted);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }

  private expire(): void {
    const nowMs = this.core.clock.monotonic();
    for (const one of this.core.expiring) if (nowMs >= one.deadline) one.expire();
    for (const pool of Object.values(this.core.pools)) pool.closeStale(nowMs);
  }
}

function listenError(component: string, address: { host: string; port: number }, error: Error): Error {
  const where = `${address.host}:${address.port}`;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new UserError(`${component} cannot listen on ${where}: another process uses the port`, {
        next: `ss -ltnp 'sport = :${address.port}'`,
        cause: error,
      });
    case 'EACCES':
    case 'EADDRNOTAVAIL':
      return new UserError(`${component} cannot listen on ${where}: ${error.message}`, { cause: error });
    default:
      return error;
  }
}

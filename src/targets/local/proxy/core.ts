import type { Clock } from '../../../platform/clock.ts';
import type { Random } from '../../../platform/random.ts';
import type { Color } from '../../target.ts';
import type { BackendPool } from './backend-pool.ts';
import type { Faults } from './faults/faults.ts';
import type { TrafficLog } from './traffic-log.ts';

/** How much and how long the proxy puts up with. Milliseconds and bytes. */
export interface Limits {
  /** A request's or an answer's head. HAProxy's default buffer and Node's `maxHeaderSize` are 16 KiB; we double it. */
  headBytes: number;
  /** From a head's first byte to its last (slow-loris); HAProxy's manual advises 10 s for `timeout http-request`. */
  headMs: number;
  /** Without a request on a client's connection; nginx's `keepalive_timeout` is 75 s. */
  idleMs: number;
  /** Without progress while a body is sent to us, or an answer taken from us. */
  stalledMs: number;
  /** Until a backend's instance accepts a connection; it is on this machine. */
  connectMs: number;
  /**
   * A backend's idle connection is used again for so long if the backend does not say how long it keeps it. The shortest
   * default among common servers that do not say is gunicorn's 2 s, so half of that; Node (5 s), uvicorn (5 s), Apache
   * httpd (5 s), Tomcat (20 s) and nginx (75 s) are well above.
   */
  reuseMs: number;
  /** The same if it says so with `Keep-Alive: timeout=`: at the most this, and always a margin below what it says. */
  announcedReuseMs: number;
  /** After we ended a connection: until the peer ends it too. */
  lingerMs: number;
}

export const defaultLimits: Limits = {
  headBytes: 32 * 1024,
  headMs: 10_000,
  idleMs: 75_000,
  stalledMs: 60_000,
  connectMs: 1_000,
  reuseMs: 1_000,
  announcedReuseMs: 2_000,
  lingerMs: 1_000,
};

/** Something with a deadline that the sweep looks after. */
export interface Expiring {
  /** Monotonic milliseconds; Infinity: none. */
  deadline: number;
  expire(): void;
}

/** What all connections of one proxy share. */
export interface Core {
  readonly component: string;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: TrafficLog;
  readonly pools: Readonly<Record<Color, BackendPool>>;
  readonly faults: Faults;
  /** Connections that have deadlines. */
  readonly expiring: Set<Expiring>;
}

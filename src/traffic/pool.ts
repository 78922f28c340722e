import { Connection, type Line } from './connection.ts';
import type { Exchange, Problem } from './exchange.ts';
import type { ResponseHead } from './response-head.ts';

export interface PoolOptions {
  line: Line;
  maxConnections: number;
  connections: 'keep-alive' | 'new';
  /** The bytes of a request. */
  bytesOf: (n: number) => string;
  /** Milliseconds since the meter's start. */
  now: () => number;
  answered: (exchange: Exchange, head: ResponseHead) => void;
  broken: (exchange: Exchange, problem: Problem) => void;
}

/**
 * How long the server gets to close a connection that has had its last answer. Who closes first keeps the port in
 * TIME_WAIT for a minute; a meter with a connection per request would run out of ports.
 */
const lingerMs = 250;

/** Served entries of the queue that are kept before they are cut off. */
const compactAfter = 4_096;

/**
 * The connections of a meter. A request takes the idle connection that was used last (the others grow old and are let
 * go), else a new one; when all that are allowed are busy it waits its turn.
 */
export class Pool {
  readonly #options: PoolOptions;
  /** Used last at the end. */
  readonly #idle: Connection[] = [];
  readonly #busy = new Set<Connection>();
  /** Had their last answer; the server should close them. */
  readonly #leaving = new Set<Connection>();
  #waiting: Exchange[] = [];
  /** Where the queue begins in `#waiting`. */
  #next = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Sends now, or as soon as a connection may be had. */
  dispatch(exchange: Exchange): void {
    const connection = this.#take();
    if (connection) this.#send(connection, exchange);
    else this.#waiting.push(exchange);
  }

  /** Gives up on an exchange; says what it was waiting for. */
  abandon(exchange: Exchange): 'a free connection' | Connection['missing'] {
    const { connection } = exchange;
    if (!connection) return 'a free connection'; // It is skipped when its turn comes, being settled.
    const { missing } = connection;
    connection.drop();
    return missing;
  }

  /** Lets go of connections that have been idle for too long, oldest first. */
  sweep(): void {
    const now = this.#options.now();
    while (this.#idle[0] && !this.#isFresh(this.#idle[0], now)) this.#idle.shift()?.drop();
    for (const connection of this.#leaving) {
      if (now - connection.idleSinceMs < lingerMs) break;
      connection.drop();
    }
  }

  close(): void {
    for (const connection of [...this.#idle, ...this.#busy, ...this.#leaving]) connection.drop();
  }

  #take(): Connection | undefined {
    const now = this.#options.now();
    for (let last = this.#idle.pop(); last; last = this.#idle.pop()) {
      if (this.#isFresh(last, now)) return last;
      last.drop();
    }
    return this.#busy.size < this.#options.maxConnections ? this.#open() : undefined;
  }

  #isFresh(connection: Connection, now: number): boolean {
    return connection.isUsable && now - connection.idleSinceMs < connection.idleLimitMs;
  }

  #open(): Connection {
    const { answered, broken, line } = this.#options;
    return new Connection(line, {
      answered,
      broken,
      idle: (connection) => this.#freed(connection),
      leaving: (connection) => this.#leave(connection),
      closed: (connection) => this.#closed(connection),
    });
  }

  #send(connection: Connection, exchange: Exchange): void {
    this.#busy.add(connection);
    connection.send(exchange, this.#options.bytesOf(exchange.n));
  }

  #freed(connection: Connection): void {
    if (this.#options.connections === 'new') {
      this.#leave(connection);
      return;
    }
    const next = this.#shiftWaiting();
    if (next) {
      this.#send(connection, next);
      return;
    }
    this.#busy.delete(connection);
    connection.idleSinceMs = this.#options.now();
    this.#idle.push(connection);
  }

  #leave(connection: Connection): void {
    this.#busy.delete(connection);
    connection.idleSinceMs = this.#options.now();
    this.#leaving.add(connection);
    this.#serveWaiting();
  }

  #closed(connection: Connection): void {
    this.#busy.delete(connection);
    this.#leaving.delete(connection);
    const place = this.#idle.indexOf(connection);
    if (place >= 0) this.#idle.splice(place, 1);
    this.#serveWaiting();
  }

  #serveWaiting(): void {
    while (this.#busy.size < this.#options.maxConnections) {
      const next = this.#shiftWaiting();
      if (!next) return;
      this.#send(this.#take() ?? this.#open(), next);
    }
  }

  #shiftWaiting(): Exchange | undefined {
    while (this.#next < this.#waiting.length) {
      const exchange = this.#waiting[this.#next];
      this.#next += 1;
      if (this.#next === compactAfter) this.#waiting = this.#waiting.splice(this.#next);
      this.#next %= compactAfter;
      if (exchange && !exchange.settled) return exchange;
    }
    this.#waiting = [];
    this.#next = 0;
    return undefined;
  }
}

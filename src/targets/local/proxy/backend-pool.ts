import type { Color } from '../../target.ts';
import type { BackendConnection } from './backend-connection.ts';
import type { ClientConnection } from './client-connection.ts';

/** One instance of a colour, as the supervisor knows it. */
export interface Backend {
  /** `gateway/green-1` */
  id: string;
  host: string;
  port: number;
  /** Whether it takes traffic; one that does not is tried only when no instance does. */
  usable: boolean;
}

/** One instance, with the connections that wait for a request, the one used last on top. */
export class Instance {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  usable: boolean;
  removed = false;
  /** Requests that it has not answered yet. */
  active = 0;
  /** When it was picked last, counted in picks. */
  lastTurn = 0;
  private readonly idle: BackendConnection[] = [];

  constructor(backend: Backend) {
    this.id = backend.id;
    this.host = backend.host;
    this.port = backend.port;
    this.usable = backend.usable;
  }

  /** The connection used last, unless the backend may be about to close it. */
  takeIdle(nowMs: number): BackendConnection | undefined {
    for (;;) {
      const connection = this.idle.pop();
      if (connection === undefined || connection.reusableAt(nowMs)) return connection;
      connection.close();
    }
  }

  keepIdle(connection: BackendConnection): void {
    this.idle.push(connection);
  }

  forget(connection: BackendConnection): void {
    const index = this.idle.lastIndexOf(connection);
    if (index >= 0) this.idle.splice(index, 1);
  }

  closeIdle(): void {
    for (const connection of this.idle.splice(0)) connection.close();
  }

  closeStale(nowMs: number): void {
    const stale = this.idle.filter((connection) => !connection.reusableAt(nowMs));
    for (const connection of stale) connection.close();
  }
}

function isBefore(one: Instance, other: Instance): boolean {
  if (one.usable !== other.usable) return one.usable;
  return one.active === other.active ? one.lastTurn < other.lastTurn : one.active < other.active;
}

/** The instances of one colour. */
export class BackendPool {
  readonly color: Color;
  /** All connections, busy and idle. */
  readonly connections = new Set<BackendConnection>();
  /** Clients whose request a fault keeps back. */
  readonly held = new Set<ClientConnection>();
  private instances: readonly Instance[] = [];
  private turn = 0;

  constructor(color: Color) {
    this.color = color;
  }

  get empty(): boolean {
    return this.instances.length === 0;
  }

  /** Replaces the list; instances that stay keep their connections. */
  set(backends: readonly Backend[]): void {
    const before = this.instances;
    this.instances = backends.map((backend) => {
      const same = before.find(
        (instance) =>
          instance.id === backend.id && instance.host === backend.host && instance.port === backend.port,
      );
      if (same === undefined) return new Instance(backend);
      same.usable = backend.usable;
      return same;
    });
    for (const instance of before)
      if (!this.instances.includes(instance)) {
        instance.removed = true;
        instance.closeIdle();
      }
  }

  /**
   * The usable instance with the fewest open requests, in turn among equals; where none is usable, any: a stale health
   * result must not turn away what an instance could answer. Undefined when all were tried.
   */
  pick(tried: readonly Instance[]): Instance | undefined {
    let best: Instance | undefined;
    for (const instance of this.instances)
      if (!tried.includes(instance) && (best === undefined || isBefore(instance, best))) best = instance;
    this.turn += 1;
    if (best !== undefined) best.lastTurn = this.turn;
    return best;
  }

  closeIdle(): void {
    for (const instance of this.instances) instance.closeIdle();
  }

  closeStale(nowMs: number): void {
    for (const instance of this.instances) instance.closeStale(nowMs);
  }
}

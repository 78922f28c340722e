import type { Color } from '../../target.ts';
import { BackendConnection } from './backend-connection.ts';
import type { Instance } from './backend-pool.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Core } from './core.ts';
import { HeldRequest } from './faults/held-request.ts';
import type { Passage } from './faults/passage.ts';
import type { Piece } from './wire.ts';

const none: readonly Instance[] = [];

/** Brings the requests of one client's connection, one after the other, to an instance of their colour. */
export class Delivery {
  color: Color = 'blue';
  /** Under which flip of the route the request began. */
  flip = 0;
  /** Connected or connecting; undefined: the request has reached nobody, or its answer is complete. */
  backend: BackendConnection | undefined;
  private readonly core: Core;
  private readonly client: ClientConnection;
  private instance: Instance | undefined;
  /** What goes to the backend once it may and can be sent, a copy. */
  private unsent: Piece | undefined;
  private tried: readonly Instance[] = none;
  private held: HeldRequest | undefined;
  private passage: Passage | undefined;

  constructor(core: Core, client: ClientConnection) {
    this.core = core;
    this.client = client;
  }

  /** A fault has taken the request, and lets no answer come. */
  get isSwallowed(): boolean {
    return this.held?.swallowed ?? false;
  }

  /** What the faults make of the request, or of the one before; undefined: none concerns it. */
  passageNow(): Passage | undefined {
    if (this.instance === undefined) return undefined;
    this.passage ??= this.core.faults.passageTo(this.color, this.instance.id);
    if (this.client.tunnel !== undefined) this.passage?.upgrade();
    return this.passage;
  }

  /** Gives the request to its colour, which is the live one unless the client came in at a colour's own address. */
  start(piece: Piece) {
    const { log, pools, component } = this.core;
    const color = this.client.wantedColor;
    this.instance = undefined;
    this.passage = undefined;
    if (color === undefined) return this.client.own(503, 'no-backend', `no color of ${component} is live`);
    this.color = color;
    const instance = pools[color].pick(none);
    if (instance === undefined)
      return this.client.own(503, 'no-backend', `${component} has no instance of ${color}`);
    this.flip = log.flips;
    log.began(color);
    this.approach(instance, piece);
  }

  connected(backend: BackendConnection) {
    const piece = this.unsent;
    this.tried = none;
    if (piece === undefined) return backend.close();
    this.begin(backend, piece);
  }

  /** Nothing of the request has been sent: another instance may get it, or the colour that is live by now. */
  connectFailed(instance: Instance, code: string) {
    const piece = this.unsent;
    if (piece === undefined) return;
    this.tried = [...this.tried, instance];
    const next = this.core.pools[this.color].pick(this.tried);
    if (next !== undefined) return this.approach(next, piece);
    const count = this.tried.length;
    this.forget();
    this.core.log.abandoned(this.color);
    if (this.client.wantedColor !== this.color) return this.start(piece);
    const who = count === 1 ? instance.id : `all ${count} instances of ${this.color}`;
    this.client.own(
      502,
      'backend-refused',
      `${who} did not accept a connection (${code}); the request was not sent`,
    );
  }

  /** The answer is complete. */
  complete() {
    this.backend = undefined;
  }

  /** Gives the exchange up, if there is one. */
  leave() {
    const { backend, held } = this;
    if (backend === undefined && held === undefined) return;
    held?.cancel();
    this.unhold();
    this.forget();
    if (this.client.tunnel !== undefined) {
      this.core.log.upgradeEnded(this.color);
      return backend?.closeTunnel();
    }
    this.core.log.abandoned(this.color);
    backend?.close();
  }

  private forget() {
    this.backend = undefined;
    this.unsent = undefined;
    this.tried = none;
  }

  private approach(instance: Instance, piece: Piece) {
    this.instance = instance;
    this.passage = undefined;
    const passage = this.core.faults.any ? this.passageNow() : undefined;
    if (passage?.hit('latency') || passage?.hit('blackhole')) this.hold(instance, passage, piece);
    else this.reach(instance, piece);
  }

  /** The instance counts it as open meanwhile, as it would if the network were to blame. */
  private hold(instance: Instance, passage: Passage, piece: Piece) {
    this.keep(piece);
    this.client.keptBack();
    instance.active += 1;
    this.core.pools[this.color].held.add(this.client);
    this.held = new HeldRequest(this.core.faults, passage, () => {
      const kept = this.unsent;
      this.unhold();
      if (kept !== undefined) this.reach(instance, kept);
    });
  }

  private unhold() {
    if (this.held === undefined) return;
    this.held = undefined;
    if (this.instance !== undefined) this.instance.active -= 1;
    this.core.pools[this.color].held.delete(this.client);
  }

  private reach(instance: Instance, piece: Piece) {
    const error = this.core.faults.any ? this.passage?.suffer('http-error') : undefined;
    if (error !== undefined) {
      this.forget();
      this.core.log.abandoned(this.color);
      return this.client.answerInstead(error);
    }
    const idle = instance.takeIdle(this.core.clock.monotonic());
    if (idle === undefined) return this.connect(instance, piece);
    idle.assign(this.client);
    this.begin(idle, piece);
  }

  private connect(instance: Instance, piece: Piece) {
    this.keep(piece);
    this.client.waitsForBackend();
    this.backend = new BackendConnection(this.core, this.core.pools[this.color], {
      instance,
      client: this.client,
    });
  }

  /** Takes a copy, unless it is one: what was received is overwritten soon. */
  private keep(piece: Piece) {
    this.unsent ??= {
      ...piece,
      from: 0,
      to: piece.to - piece.from,
      bytes: Buffer.from(piece.bytes.subarray(piece.from, piece.to)),
    };
  }

  private begin(backend: BackendConnection, piece: Piece) {
    const hasWaited = this.unsent !== undefined;
    this.unsent = undefined;
    this.backend = backend;
    this.client.begins();
    if (!backend.begin(piece)) this.client.socket.pause();
    else if (hasWaited) this.client.resume();
  }
}

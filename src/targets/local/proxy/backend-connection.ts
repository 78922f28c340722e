import { connect, type Socket } from 'node:net';
import { codeOf } from '../../../platform/errors.ts';
import type { BackendPool, Instance } from './backend-pool.ts';
import { Body } from './body.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Core, Expiring } from './core.ts';
import { Outlet, type OutletOwner } from './faults/outlet.ts';
import type { Passage } from './faults/passage.ts';
import { type AnswerHead, answerText, cutFraming, parseAnswerHead } from './head.ts';
import { type OwnReason, Refusal } from './refusal.ts';
import type { Piece } from './wire.ts';
import { received } from './wire.ts';

/** The margin below an announced keep-alive time: a second, or half of a short one. */
const marginMs = (announcedMs: number) => Math.min(1_000, announcedMs / 2);

/** One connection to an instance; carries one exchange at a time, for any client. */
export class BackendConnection implements Expiring, OutletOwner {
  deadline = Number.POSITIVE_INFINITY;
  readonly socket: Socket;
  readonly outlet: Outlet;
  readonly instance: Instance;
  /** Whose request it carries. */
  client: ClientConnection | undefined;
  private readonly core: Core;
  private readonly pool: BackendPool;
  private phase: 'connecting' | 'idle' | 'head' | 'body' | 'tunnel' | 'closed' = 'connecting';
  private held: Buffer | undefined;
  private readonly body = new Body();
  /** Whether the backend keeps the connection after this answer. */
  private kept = true;
  /** Set while a chunked answer is unpacked for an HTTP/1.0 client. */
  private payload: number[] | undefined;
  private reuseMs: number;
  private reuseUntil = 0;
  private errorCode: string | undefined;

  constructor(core: Core, pool: BackendPool, target: { instance: Instance; client: ClientConnection }) {
    this.core = core;
    this.pool = pool;
    this.instance = target.instance;
    this.client = target.client;
    this.reuseMs = core.limits.reuseMs;
    this.instance.active += 1;
    this.socket = connect({
      host: this.instance.host,
      port: this.instance.port,
      noDelay: true,
      allowHalfOpen: true,
      onread: {
        buffer: received,
        callback: (size) => {
          this.receive(size);
          return true;
        },
      },
    });
    this.outlet = new Outlet(core.faults, { socket: this.socket, direction: 'requests' }, this);
    this.socket.once('connect', () => this.connected());
    this.socket.on('drain', () => this.outletMoved());
    this.socket.on('end', () => this.ended());
    this.socket.on('error', (error) => {
      this.errorCode = codeOf(error);
    });
    this.socket.on('close', () => this.lost());
    pool.connections.add(this);
    this.deadline = core.clock.monotonic() + core.limits.connectMs;
    core.expiring.add(this);
  }

  /** Not accepted in time. */
  expire() {
    this.errorCode = 'ETIMEDOUT';
    this.lost();
  }

  reusableAt(nowMs: number): boolean {
    return nowMs < this.reuseUntil && this.phase === 'idle' && !this.socket.destroyed;
  }

  /** Takes an idle connection for a client's request. */
  assign(client: ClientConnection) {
    this.client = client;
    this.instance.active += 1;
  }

  /** Sends the request's first piece. False: wait for `backendDrained`. */
  begin(piece: Piece): boolean {
    this.phase = 'head';
    return this.outlet.send(piece);
  }

  /** A further piece of the request. False: wait for `backendDrained`. */
  send(piece: Piece): boolean {
    return this.outlet.send(piece);
  }

  passageNow(): Passage | undefined {
    return this.client?.passageNow();
  }

  outletMoved() {
    if (!this.outlet.isFull) this.client?.backendDrained();
  }

  resetByFault() {
    this.client?.resetByFault();
  }

  /** Ends the connection, and with it the exchange, without telling the client. */
  close() {
    if (this.phase === 'closed') return;
    this.phase = 'closed';
    this.leaveClient();
    this.pool.connections.delete(this);
    this.core.expiring.delete(this);
    this.instance.forget(this);
    this.outlet.drop();
    this.socket.destroy();
  }

  /** The client of a tunnel is gone. What it sent before its end still goes out. */
  closeTunnel() {
    if (!this.outlet.hasEnded) return this.close();
    this.leaveClient();
  }

  private leaveClient(): ClientConnection | undefined {
    const client = this.client;
    if (client !== undefined) this.instance.active -= 1;
    this.client = undefined;
    return client;
  }

  private connected() {
    if (this.phase !== 'connecting') return;
    this.deadline = Number.POSITIVE_INFINITY;
    this.core.expiring.delete(this);
    this.client?.delivery.connected(this);
  }

  /** The backend ended its side. */
  private ended() {
    if (this.phase === 'tunnel') this.client?.tunnel?.backendEnded();
    else if (this.phase === 'body' && this.body.endsAtClose) this.finish();
    else this.lost();
  }

  private lost() {
    if (this.phase === 'closed') return;
    const connecting = this.phase === 'connecting';
    const client = this.leaveClient();
    this.close();
    if (client === undefined) return;
    if (connecting) client.delivery.connectFailed(this.instance, this.errorCode ?? 'ECONNRESET');
    else
      client.backendFailed(
        'backend-closed',
        `${this.name()} closed the connection before its answer was complete`,
      );
  }

  private fail(reason: OwnReason, text: string) {
    const client = this.leaveClient();
    this.close();
    client?.backendFailed(reason, text);
  }

  private name(): string {
    return `${this.instance.id} at ${this.instance.host}:${this.instance.port}`;
  }

  private receive(size: number) {
    switch (this.phase) {
      case 'head':
        if (this.held === undefined) return this.readHead(received, size);
        return this.readHead(Buffer.concat([this.held, received.subarray(0, size)]), this.held.length + size);
      case 'body':
        return this.continueBody(size);
      case 'tunnel':
        return this.client?.tunnel?.fromBackend(received, { from: 0, to: size });
      default:
        // Bytes that answer no request: nobody can say what they belong to.
        return this.close();
    }
  }

  private readHead(bytes: Buffer, to: number) {
    let from = 0;
    for (;;) {
      const head = parseAnswerHead(bytes, { from, to }, this.core.limits.headBytes);
      if (head instanceof Refusal) return this.malformed(head.reason);
      if (head === undefined) {
        this.held = Buffer.from(bytes.subarray(from, to));
        return;
      }
      this.held = undefined;
      if (head.status === 101) return this.switchProtocol(head, bytes, to);
      if (head.status >= 200) return this.startAnswer(head, bytes, to);
      cutFraming(head);
      this.client?.interim(`${answerText(bytes, head)}\r\n`);
      from = head.end;
    }
  }

  private malformed(reason: string) {
    this.fail('backend-malformed', `${this.name()} sent a malformed answer: ${reason}`);
  }

  private switchProtocol(head: AnswerHead, bytes: Buffer, to: number) {
    const client = this.client;
    if (client === undefined) return this.close();
    if (!client.wantsUpgrade || head.upgrade === undefined)
      return this.malformed('it switches the protocol unasked');
    cutFraming(head);
    const text = `${answerText(bytes, head)}connection: upgrade\r\nupgrade: ${head.upgrade}\r\n`;
    this.phase = 'tunnel';
    client.upgraded(this, { text, protocol: head.upgrade });
    if (head.end < to) client.tunnel?.fromBackend(bytes, { from: head.end, to });
  }

  private startAnswer(head: AnswerHead, bytes: Buffer, to: number) {
    const client = this.client;
    if (client === undefined) return this.close();
    this.frame(head, client);
    this.kept = head.keepAlive && !this.body.endsAtClose;
    if (head.keepAliveSeconds >= 0) this.announce(head.keepAliveSeconds * 1_000);
    const end = this.body.take(bytes, { from: head.end, to }, this.payload);
    if (this.body.problem !== undefined) return this.malformed(this.body.problem);
    this.phase = 'body';
    const persistent = !this.body.endsAtClose && this.payload === undefined;
    const text = `${answerText(bytes, head)}${client.answerFields(persistent)}\r\n`;
    this.pass(client, { text, bytes, from: head.end, to: end });
    if (this.body.complete) this.finish(end < to ? 'more bytes' : undefined);
  }

  /** Where the answer's body ends (RFC 9112 §6.3). */
  private frame(head: AnswerHead, client: ClientConnection) {
    this.payload = undefined;
    if (head.status === 204) cutFraming(head);
    if (head.chunked && client.http10) {
      cutFraming(head);
      this.payload = [];
    }
    if (client.isHead || head.status === 204 || head.status === 304) this.body.expectNothing();
    else if (head.chunked) this.body.expectChunks();
    else if (head.contentLength >= 0) this.body.expectLength(head.contentLength);
    else this.body.expectClose();
  }

  private announce(announcedMs: number) {
    this.reuseMs = Math.min(this.core.limits.announcedReuseMs, announcedMs - marginMs(announcedMs));
  }

  private continueBody(size: number) {
    const client = this.client;
    if (client === undefined) return this.close();
    const end = this.body.take(received, { from: 0, to: size }, this.payload);
    if (this.body.problem !== undefined) return this.malformed(this.body.problem);
    this.pass(client, { text: '', bytes: received, from: 0, to: end });
    if (this.body.complete) this.finish(end < size ? 'more bytes' : undefined);
  }

  /** Passes a piece of the answer on, and waits where the client does not keep up. */
  private pass(client: ClientConnection, piece: Piece) {
    const payload = this.payload;
    const all = payload === undefined ? piece : { ...piece, ...unpacked(piece.bytes, payload) };
    if (!client.answer(all)) this.socket.pause();
  }

  /** The answer is complete. With bytes after it, or a request that was not sent in full, the connection is of no more use. */
  private finish(surplus?: 'more bytes') {
    const client = this.leaveClient();
    const nowMs = this.core.clock.monotonic();
    const wanted = this.pool.color === client?.wantedColor && !this.instance.removed;
    const sent = client?.requestComplete && !this.outlet.holds;
    if (this.kept && surplus === undefined && wanted && sent) {
      this.phase = 'idle';
      this.reuseUntil = nowMs + this.reuseMs;
      if (this.socket.isPaused()) this.socket.resume();
      this.instance.keepIdle(this);
    } else this.close();
    client?.answerComplete(nowMs);
  }
}

/** The bytes of the ranges in `payload`, which is emptied. */
function unpacked(bytes: Buffer, payload: number[]): { bytes: Buffer; from: number; to: number } {
  const parts: Buffer[] = [];
  for (let index = 0; index < payload.length; index += 2)
    parts.push(bytes.subarray(payload[index], payload[index + 1]));
  payload.length = 0;
  const all = Buffer.concat(parts);
  return { bytes: all, from: 0, to: all.length };
}

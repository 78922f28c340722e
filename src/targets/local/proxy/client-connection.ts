import type { Socket } from 'node:net';
import type { Color } from '../../target.ts';
import { BackendConnection } from './backend-connection.ts';
import type { Instance } from './backend-pool.ts';
import { Body } from './body.ts';
import type { Core, Expiring } from './core.ts';
import { parseRequestHead, type RequestHead } from './head.ts';
import { type OwnReason, type OwnStatus, ownAnswer, Refusal } from './refusal.ts';
import { Tunnel } from './tunnel.ts';
import { type Piece, receiveFrom, send } from './wire.ts';

const never = Number.POSITIVE_INFINITY;
const none: readonly Instance[] = [];

/**
 * One client's connection. Requests are served one after the other; each goes to the colour that is live when its head is
 * complete. Bytes that come before their turn are held, at most one read, and the socket is paused meanwhile.
 */
export class ClientConnection implements Expiring {
  deadline: number;
  tunnel: Tunnel | undefined;
  readonly socket: Socket;
  private readonly core: Core;
  private phase: 'head' | 'connecting' | 'exchange' | 'tunnel' | 'closing' = 'head';
  /** Received and not used yet, a copy; in phase `head`, the beginning of a head. */
  private held: Buffer | undefined;
  /** The body of the request that is being received. */
  private readonly body = new Body();
  private head: RequestHead | undefined;
  private backend: BackendConnection | undefined;
  /** What goes to the backend once it has accepted the connection. */
  private unsent: Piece | undefined;
  private tried: readonly Instance[] = none;
  private color: Color = 'blue';
  private flip = 0;
  private answerStarted = false;
  /** Whether the connection goes on after this answer. */
  private persistent = true;
  /** The client has ended its side. */
  private ended = false;
  private headDeadline = 0;
  private forwardedFor: string | undefined;
  /** Where all requests go; undefined: to the live colour. */
  private readonly pinned: Color | undefined;

  constructor(core: Core, accepted: Socket, pinned: Color | undefined) {
    this.core = core;
    this.pinned = pinned;
    const socket = receiveFrom(accepted, (bytes) => this.receive(bytes));
    this.socket = socket;
    this.deadline = core.clock.monotonic() + core.limits.idleMs;
    core.expiring.add(this);
    socket.on('drain', () => this.drained());
    socket.on('end', () => this.clientEnded());
    // What went wrong with a client is told by `close` alone.
    socket.on('error', () => {});
    socket.on('close', () => this.closed());
  }

  get isHead(): boolean {
    return this.head?.isHead ?? false;
  }

  get http10(): boolean {
    return this.head?.http10 ?? false;
  }

  get wantsUpgrade(): boolean {
    return this.head?.upgrade !== undefined;
  }

  get requestComplete(): boolean {
    return this.body.complete;
  }

  /** Where a request that comes now goes. */
  get wantedColor(): Color | undefined {
    return this.pinned ?? this.core.log.live;
  }

  /** The deadline has passed. */
  expire() {
    const waiting = this.phase === 'head' && this.held === undefined;
    if (waiting || this.phase === 'closing' || this.answerStarted) return this.cut();
    this.refuse(new Refusal(408, 'the request did not come in time'));
  }

  private nowMs(): number {
    return this.core.clock.monotonic();
  }

  private receive(bytes: Buffer) {
    switch (this.phase) {
      case 'head':
        return this.read(this.held === undefined ? bytes : Buffer.concat([this.held, bytes]));
      case 'exchange':
        return this.body.complete ? this.hold(bytes) : this.continueBody(bytes);
      case 'connecting':
        return this.hold(bytes);
      case 'tunnel':
        return this.tunnel?.fromClient(bytes);
      case 'closing':
        // Read and dropped, so that the client is not reset before it has read our last answer.
        return;
    }
  }

  private hold(bytes: Buffer) {
    this.held = this.held === undefined ? Buffer.from(bytes) : Buffer.concat([this.held, bytes]);
    this.socket.pause();
  }

  private read(bytes: Buffer) {
    const head = parseRequestHead(bytes, { from: 0, to: bytes.length }, this.core.limits.headBytes);
    if (head === undefined) return this.waitForHead(bytes);
    this.held = undefined;
    this.headDeadline = 0;
    this.head = undefined;
    if (head instanceof Refusal) return this.refuse(head);
    this.startRequest(head, bytes);
  }

  private waitForHead(bytes: Buffer) {
    this.held = Buffer.from(bytes);
    if (this.headDeadline === 0) this.headDeadline = this.nowMs() + this.core.limits.headMs;
    this.deadline = this.headDeadline;
    if (this.ended) this.cut();
    else if (this.socket.isPaused()) this.socket.resume();
  }

  private startRequest(head: RequestHead, bytes: Buffer) {
    this.head = head;
    this.answerStarted = false;
    if (head.chunked) this.body.expectChunks();
    else this.body.expectLength(Math.max(0, head.contentLength));
    const end = this.body.take(bytes, { from: head.end, to: bytes.length });
    if (this.body.problem !== undefined) return this.refuse(new Refusal(400, this.body.problem));
    this.phase = 'exchange';
    if (end < bytes.length) this.hold(bytes.subarray(end));
    this.deadline = this.body.complete ? never : this.nowMs() + this.core.limits.stalledMs;
    this.dispatch({ text: `${head.text}${this.requestFields(head)}\r\n`, bytes, from: head.end, to: end });
  }

  /**
   * Lines that we add. `x-forwarded-for` is appended as a line of its own, after those the client sent: only the last
   * entry of the list is ours, all before it is the client's word.
   */
  private requestFields(head: RequestHead): string {
    this.forwardedFor ??= `x-forwarded-for: ${addressOf(this.socket)}\r\n`;
    return head.upgrade === undefined
      ? this.forwardedFor
      : `${this.forwardedFor}connection: upgrade\r\nupgrade: ${head.upgrade}\r\n`;
  }

  /** Gives the request to its colour, which is the live one unless the client came in at a colour's own address. */
  private dispatch(piece: Piece) {
    const { log, pools, component } = this.core;
    const color = this.wantedColor;
    if (color === undefined) return this.own(503, 'no-backend', `no color of ${component} is live`);
    this.color = color;
    const instance = pools[this.color].pick(none);
    if (instance === undefined)
      return this.own(503, 'no-backend', `${component} has no instance of ${this.color}`);
    this.flip = log.flips;
    log.began(this.color);
    const idle = instance.takeIdle(this.nowMs());
    if (idle === undefined) return this.connect(instance, piece);
    idle.assign(this);
    this.begin(idle, piece);
  }

  private begin(backend: BackendConnection, piece: Piece) {
    this.backend = backend;
    this.phase = 'exchange';
    if (!backend.begin(piece)) this.socket.pause();
  }

  private connect(instance: Instance, piece: Piece) {
    this.phase = 'connecting';
    this.unsent ??= {
      ...piece,
      from: 0,
      to: piece.to - piece.from,
      bytes: Buffer.from(piece.bytes.subarray(piece.from, piece.to)),
    };
    this.socket.pause();
    this.backend = new BackendConnection(this.core, this.core.pools[this.color], { instance, client: this });
  }

  connected(backend: BackendConnection) {
    const piece = this.unsent;
    this.unsent = undefined;
    this.tried = none;
    if (piece === undefined) return backend.close();
    this.begin(backend, piece);
    if (!backend.socket.writableNeedDrain) this.resume();
  }

  /** Nothing of the request has been sent: another instance may get it, or the colour that is live by now. */
  connectFailed(instance: Instance, code: string) {
    const piece = this.unsent;
    if (piece === undefined) return;
    this.tried = [...this.tried, instance];
    const next = this.core.pools[this.color].pick(this.tried);
    if (next !== undefined) return this.connect(next, piece);
    const count = this.tried.length;
    this.unsent = undefined;
    this.tried = none;
    this.backend = undefined;
    this.core.log.abandoned(this.color);
    if (this.wantedColor !== this.color) return this.dispatch(piece);
    const who = count === 1 ? instance.id : `all ${count} instances of ${this.color}`;
    this.own(
      502,
      'backend-refused',
      `${who} did not accept a connection (${code}); the request was not sent`,
    );
  }

  private continueBody(bytes: Buffer) {
    const end = this.body.take(bytes, { from: 0, to: bytes.length });
    if (this.body.problem !== undefined) return this.refuse(new Refusal(400, this.body.problem));
    const backend = this.backend;
    if (backend !== undefined && !send(backend.socket, { text: '', bytes, from: 0, to: end }))
      this.socket.pause();
    if (end < bytes.length) this.hold(bytes.subarray(end));
    this.deadline = this.body.complete ? never : this.nowMs() + this.core.limits.stalledMs;
  }

  /** Reads on, unless bytes that came too early are still held. */
  private resume() {
    if (this.held === undefined && this.socket.isPaused()) this.socket.resume();
  }

  backendDrained() {
    if (this.tunnel !== undefined) this.tunnel.backendDrained();
    else this.resume();
  }

  private drained() {
    if (this.tunnel !== undefined) return this.tunnel.clientDrained();
    if (this.phase === 'exchange' && this.body.complete) this.deadline = never;
    this.backend?.socket.resume();
    this.next();
  }

  /** A 1xx answer; HTTP/1.0 knows none. */
  interim(text: string) {
    if (!this.http10) this.socket.write(text, 'latin1');
  }

  /**
   * The header lines of an answer that concern this connection. `persistent`: whether the answer's framing allows another
   * one after it. An answer that comes before the request is complete is the last one.
   */
  answerFields(framed: boolean): string {
    const head = this.head;
    this.persistent = framed && this.body.complete && (head?.keepAlive ?? false);
    const color = head?.probe ? `x-cutover-color: ${this.color}\r\n` : '';
    if (!this.persistent) return `${color}connection: close\r\n`;
    return this.http10 ? `${color}connection: keep-alive\r\n` : color;
  }

  /** A piece of the answer. False: wait until the client keeps up. */
  answer(piece: Piece): boolean {
    this.answerStarted = true;
    if (send(this.socket, piece)) return true;
    this.deadline = this.nowMs() + this.core.limits.stalledMs;
    return false;
  }

  answerComplete(nowMs: number) {
    this.backend = undefined;
    if (this.pinned === undefined) this.core.log.answered(this.color, { flip: this.flip, nowMs });
    else this.core.log.answeredAside(this.color);
    if (!this.persistent) return this.end();
    this.await(nowMs);
    this.next();
  }

  private await(nowMs: number) {
    this.phase = 'head';
    this.answerStarted = false;
    this.deadline = nowMs + this.core.limits.idleMs;
  }

  /** Takes up the next request, once the client has taken the last answer. */
  private next() {
    if (this.phase !== 'head' || this.socket.writableNeedDrain) return;
    const held = this.held;
    if (held === undefined) {
      if (this.ended) this.end();
      else if (this.socket.isPaused()) this.socket.resume();
      return;
    }
    if (this.headDeadline !== 0) return;
    this.held = undefined;
    if (this.socket.isPaused()) this.socket.resume();
    this.read(held);
  }

  backendFailed(reason: OwnReason, text: string) {
    this.leaveBackend();
    if (this.tunnel !== undefined) this.tunnel.backendLost();
    else if (this.answerStarted) this.cut();
    else this.own(502, reason, text);
  }

  /** The drain deadline of its colour has come. */
  goAway() {
    if (this.tunnel !== undefined) this.tunnel.goAway();
    else this.backendFailed('drain-deadline', `${this.color} was retired before it answered`);
  }

  upgraded(backend: BackendConnection, answer: { text: string; protocol: string }) {
    const fields = this.head?.probe ? `x-cutover-color: ${this.color}\r\n` : '';
    this.socket.write(`${answer.text}${fields}\r\n`, 'latin1');
    this.phase = 'tunnel';
    this.deadline = never;
    this.core.log.upgraded(this.color);
    const { protocol } = answer;
    this.tunnel = new Tunnel(this.core, { client: this.socket, backend: backend.socket, protocol });
    const held = this.held;
    this.held = undefined;
    if (held !== undefined) this.tunnel.fromClient(held);
    if (!backend.socket.writableNeedDrain) this.resume();
    if (this.ended) this.tunnel.clientEnded();
  }

  private clientEnded() {
    this.ended = true;
    switch (this.phase) {
      case 'tunnel':
        return this.tunnel?.clientEnded();
      case 'head':
        if (this.held === undefined) return this.end();
        // Held bytes that wait for the last answer to be taken may be a whole request; see `waitForHead`.
        if (this.headDeadline !== 0) this.cut();
        return;
      case 'connecting':
      case 'exchange':
        if (!this.body.complete) this.refuse(new Refusal(400, 'the connection ended within the request'));
        return;
      case 'closing':
        if (this.socket.writableFinished) this.socket.destroy();
    }
  }

  private closed() {
    this.core.expiring.delete(this);
    this.leaveBackend();
    this.phase = 'closing';
  }

  /** Gives the exchange up, if there is one. */
  private leaveBackend() {
    const backend = this.backend;
    if (backend === undefined) return;
    this.backend = undefined;
    this.unsent = undefined;
    if (this.tunnel !== undefined) {
      this.core.log.upgradeEnded(this.color);
      return backend.closeTunnel();
    }
    this.core.log.abandoned(this.color);
    backend.close();
  }

  private refuse(refusal: Refusal) {
    this.leaveBackend();
    if (this.answerStarted) return this.cut();
    this.own(refusal.status, refusal.status === 408 ? 'client-timeout' : 'bad-request', refusal.reason);
  }

  /** Answers by ourselves. After a refused request nobody can say where the next one begins: the connection ends. */
  private own(status: OwnStatus, reason: OwnReason, text: string) {
    const goesOn = status >= 502 && status <= 503 && this.body.complete;
    const close = !goesOn || !(this.head?.keepAlive ?? false);
    const fields = !close && this.http10 ? 'connection: keep-alive\r\n' : '';
    this.socket.write(ownAnswer({ status, reason, text, close, fields, withoutBody: this.isHead }), 'latin1');
    if (close) return this.end();
    this.await(this.nowMs());
    // Not at once: a client that pipelines thousands of requests would fill the stack.
    queueMicrotask(() => this.next());
  }

  /** Ends the connection after what was written. */
  private end() {
    const expected = this.head !== undefined && !this.head.keepAlive && this.body.complete;
    this.phase = 'closing';
    // The client said that nothing follows, and has our answer: nothing of it can be lost by closing at once.
    if (expected && this.held === undefined && this.socket.writableLength === 0) return this.cut('quietly');
    this.held = undefined;
    this.deadline = this.nowMs() + this.core.limits.stalledMs;
    this.socket.end(() => {
      this.deadline = this.nowMs() + this.core.limits.lingerMs;
      if (this.ended) this.socket.destroy();
    });
    this.socket.resume();
  }

  /** Cuts the connection. With a reset, so that no client can take half an answer for a whole one. */
  private cut(how?: 'quietly') {
    const quiet = how === 'quietly' || (this.phase === 'head' && this.held === undefined);
    this.phase = 'closing';
    if (quiet) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }
}

function addressOf(socket: Socket): string {
  const address = socket.remoteAddress ?? 'unknown';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

import type { Socket } from 'node:net';
import type { Color } from '../../target.ts';
import type { BackendConnection } from './backend-connection.ts';
import { Body } from './body.ts';
import type { Core, Expiring } from './core.ts';
import { Delivery } from './delivery.ts';
import { errorAnswer } from './faults/error-answer.ts';
import type { EffectOf } from './faults/fault-run.ts';
import { Outlet, type OutletOwner } from './faults/outlet.ts';
import type { Passage } from './faults/passage.ts';
import { parseRequestHead, type RequestHead } from './head.ts';
import { colorLine, connectionLine, forwardedForLine, requestLines } from './lines.ts';
import { type OwnReason, type OwnStatus, ownAnswer, Refusal } from './refusal.ts';
import { Tunnel } from './tunnel.ts';
import { type Piece, receiveFrom, textPiece } from './wire.ts';

const never = Number.POSITIVE_INFINITY;

/**
 * One client's connection. Requests are served one after the other; each goes to the colour that is live when its head is
 * complete. Bytes that come before their turn are held, at most one read, and the socket is paused meanwhile.
 */
export class ClientConnection implements Expiring, OutletOwner {
  deadline: number;
  tunnel: Tunnel | undefined;
  readonly socket: Socket;
  readonly outlet: Outlet;
  private readonly core: Core;
  readonly delivery: Delivery;
  private phase: 'head' | 'waiting' | 'exchange' | 'discarding' | 'tunnel' | 'closing' = 'head';
  /** Received and not used yet, a copy; in phase `head`, the beginning of a head. */
  private held: Buffer | undefined;
  /** The body of the request that is being received. */
  private readonly body = new Body();
  private head: RequestHead | undefined;
  private answerStarted = false;
  /** Whether the connection goes on after this answer. */
  private persistent = true;
  /** The client has ended its side. */
  private ended = false;
  private headDeadline = 0;
  private forwardedFor: string | undefined;
  /** What is answered in the backend's place, once the request has been read. */
  private errorInstead: EffectOf<'http-error'> | undefined;
  /** Where all requests go; undefined: to the live colour. */
  private readonly pinned: Color | undefined;

  constructor(core: Core, accepted: Socket, pinned: Color | undefined) {
    this.core = core;
    this.pinned = pinned;
    const socket = receiveFrom(accepted, (bytes) => this.receive(bytes));
    this.socket = socket;
    this.outlet = new Outlet(core.faults, { socket, direction: 'answers' }, this);
    this.delivery = new Delivery(core, this);
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
    // It is not the client who does not keep up.
    if (this.outlet.holds) return this.grant(this.core.limits.idleMs);
    const waiting = this.phase === 'head' && this.held === undefined;
    if (waiting || this.phase === 'closing' || this.answerStarted) return this.cut();
    this.refuse(new Refusal(408, 'the request did not come in time'));
  }

  private nowMs(): number {
    return this.core.clock.monotonic();
  }

  private grant(ms: number) {
    this.deadline = this.nowMs() + ms;
  }

  private receive(bytes: Buffer) {
    switch (this.phase) {
      case 'head':
        return this.read(this.held === undefined ? bytes : Buffer.concat([this.held, bytes]));
      case 'exchange':
        return this.body.complete ? this.hold(bytes) : this.continueBody(bytes);
      case 'waiting':
        return this.hold(bytes);
      case 'discarding':
        return this.discard(bytes);
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
    this.awaitBody();
    this.forwardedFor ??= forwardedForLine(this.socket.remoteAddress);
    const text = `${head.text}${requestLines(head, this.forwardedFor)}\r\n`;
    this.delivery.start({ text, bytes, from: head.end, to: end });
  }

  /** The backend's connection is not there yet. */
  waitsForBackend() {
    this.phase = 'waiting';
    this.socket.pause();
  }

  /**
   * A fault keeps the request back, for which the client is not to blame. Of a complete request the connection is read on,
   * so that we see when the client gives up.
   */
  keptBack() {
    this.phase = 'waiting';
    this.deadline = never;
    if (!this.body.complete) this.socket.pause();
  }

  /** The request goes out. */
  begins() {
    this.phase = 'exchange';
    if (this.deadline === never) this.awaitBody();
  }

  private awaitBody() {
    if (this.body.complete) this.deadline = never;
    else this.grant(this.core.limits.stalledMs);
  }

  private continueBody(bytes: Buffer) {
    const end = this.body.take(bytes, { from: 0, to: bytes.length });
    if (this.body.problem !== undefined) return this.refuse(new Refusal(400, this.body.problem));
    const sent = this.delivery.backend?.send({ text: '', bytes, from: 0, to: end }) ?? true;
    if (!sent) this.socket.pause();
    if (end < bytes.length) this.hold(bytes.subarray(end));
    this.awaitBody();
  }

  /** Reads on, unless bytes that came too early are still held. */
  resume() {
    if (this.held === undefined && this.socket.isPaused()) this.socket.resume();
  }

  backendDrained() {
    if (this.tunnel !== undefined) this.tunnel.backendDrained();
    else this.resume();
  }

  /** The client has taken what was sent. */
  private drained() {
    if (this.outlet.isFull) return;
    if (this.tunnel !== undefined) return this.tunnel.clientDrained();
    if (this.phase === 'exchange' && this.body.complete) this.deadline = never;
    this.delivery.backend?.socket.resume();
    this.next();
  }

  passageNow(): Passage | undefined {
    return this.delivery.passageNow();
  }

  outletMoved() {
    if (!this.socket.writableNeedDrain) this.drained();
  }

  resetByFault() {
    this.delivery.leave();
    this.phase = 'closing';
    this.outlet.drop();
    this.socket.resetAndDestroy();
  }

  /** A 1xx answer; HTTP/1.0 knows none. */
  interim(text: string) {
    if (!this.http10) this.outlet.send(textPiece(text));
  }

  /**
   * The header lines of an answer that concern this connection. `persistent`: whether the answer's framing allows another
   * one after it. An answer that comes before the request is complete is the last one.
   */
  answerFields(framed: boolean): string {
    this.persistent = framed && this.body.complete && (this.head?.keepAlive ?? false);
    const line = connectionLine(this.persistent ? 'goes on' : 'ends', this.head);
    return `${colorLine(this.delivery.color, this.head)}${line}`;
  }

  /** A piece of the answer. False: wait until the client keeps up. */
  answer(piece: Piece): boolean {
    this.answerStarted = true;
    if (this.outlet.send(piece)) return true;
    this.grant(this.core.limits.stalledMs);
    return false;
  }

  answerComplete(nowMs: number) {
    const { color, flip } = this.delivery;
    this.delivery.complete();
    if (this.pinned === undefined) this.core.log.answered(color, { flip, nowMs });
    else this.core.log.answeredAside(color);
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
    if (this.phase !== 'head' || this.outlet.holds || this.socket.writableNeedDrain) return;
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
    this.delivery.leave();
    if (this.tunnel !== undefined) this.tunnel.backendLost();
    else if (this.answerStarted) this.cut();
    else this.own(502, reason, text);
  }

  /** The drain deadline of its colour has come. */
  goAway() {
    if (this.tunnel !== undefined) return this.tunnel.goAway();
    if (this.delivery.isSwallowed) return this.resetByFault();
    this.backendFailed('drain-deadline', `${this.delivery.color} was retired before it answered`);
  }

  upgraded(backend: BackendConnection, answer: { text: string; protocol: string }) {
    this.outlet.send(textPiece(`${answer.text}${colorLine(this.delivery.color, this.head)}\r\n`));
    // A fault may have reset it.
    if (this.socket.destroyed) return;
    this.phase = 'tunnel';
    this.deadline = never;
    this.core.log.upgraded(this.delivery.color);
    this.tunnel = new Tunnel(this.core, { client: this, backend, protocol: answer.protocol });
    const held = this.held;
    this.held = undefined;
    if (held !== undefined) this.tunnel.fromClient(held);
    if (!backend.outlet.isFull) this.resume();
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
      case 'waiting':
      case 'exchange':
      case 'discarding':
        // It will never get its answer; and while it stays open, nobody can tell whether the client is still there.
        if (this.delivery.isSwallowed) return this.resetByFault();
        if (!this.body.complete) this.refuse(new Refusal(400, 'the connection ended within the request'));
        return;
      case 'closing':
        if (this.socket.writableFinished) this.socket.destroy();
    }
  }

  private closed() {
    this.core.expiring.delete(this);
    this.delivery.leave();
    this.outlet.drop();
    this.phase = 'closing';
  }

  private refuse(refusal: Refusal) {
    this.delivery.leave();
    if (this.answerStarted) return this.cut();
    this.own(refusal.status, refusal.status === 408 ? 'client-timeout' : 'bad-request', refusal.reason);
  }

  /** Answers by ourselves. After a refused request nobody can say where the next one begins: the connection ends. */
  own(status: OwnStatus, reason: OwnReason, text: string) {
    const goesOn = status >= 502 && status <= 503 && this.body.complete;
    this.persistent = goesOn && (this.head?.keepAlive ?? false);
    const fields = connectionLine(this.persistent ? 'goes on' : 'ends', this.head);
    this.answerWith(ownAnswer({ status, reason, text, fields, withoutBody: this.isHead }));
  }

  /**
   * A fault answers in the backend's place. The request is read to its end first, so that the connection can go on, but
   * a client that waits to be told to send its body is told so no more.
   */
  answerInstead(effect: EffectOf<'http-error'>) {
    this.errorInstead = effect;
    this.phase = 'discarding';
    if (this.body.complete || /\r\nexpect:/i.test(this.head?.text ?? '')) return this.answerError(effect);
    this.awaitBody();
    this.resume();
  }

  private discard(bytes: Buffer) {
    const end = this.body.take(bytes, { from: 0, to: bytes.length });
    if (this.body.problem !== undefined) return this.refuse(new Refusal(400, this.body.problem));
    this.awaitBody();
    if (end < bytes.length) this.hold(bytes.subarray(end));
    if (this.body.complete && this.errorInstead !== undefined) this.answerError(this.errorInstead);
  }

  private answerError(effect: EffectOf<'http-error'>) {
    const fields = this.answerFields(true);
    this.answerWith(errorAnswer(effect, { fields, withoutBody: this.isHead }));
  }

  private answerWith(text: string) {
    this.outlet.send(textPiece(text));
    // A fault may have reset it.
    if (this.socket.destroyed) return;
    if (!this.persistent) return this.end();
    this.await(this.nowMs());
    // Not at once: a client that pipelines thousands of requests would fill the stack.
    queueMicrotask(() => this.next());
  }

  /** Ends the connection after what was written. */
  private end() {
    this.phase = 'closing';
    this.outlet.end(() => this.endNow());
    // Read and dropped.
    if (!this.socket.destroyed) this.socket.resume();
  }

  private endNow() {
    const expected = this.head !== undefined && !this.head.keepAlive && this.body.complete;
    // The client said that nothing follows, and has our answer: nothing of it can be lost by closing at once.
    if (expected && this.held === undefined && this.socket.writableLength === 0) return this.cut('quietly');
    this.held = undefined;
    this.grant(this.core.limits.stalledMs);
    this.socket.end(() => {
      this.grant(this.core.limits.lingerMs);
      if (this.ended) this.socket.destroy();
    });
  }

  /** Cuts the connection. With a reset, so that no client can take half an answer for a whole one. */
  private cut(how?: 'quietly') {
    const quiet = how === 'quietly' || (this.phase === 'head' && this.held === undefined);
    this.phase = 'closing';
    if (quiet) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }
}

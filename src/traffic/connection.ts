import { codeOf, messageOf } from '../platform/errors.ts';
import { isTls, type Socket } from '../platform/tcp.ts';
import type { Dial } from '../platform/tls.ts';
import type { Exchange, Problem } from './exchange.ts';
import { handshakeProblem } from './handshake.ts';
import { notConnected } from './not-connected.ts';
import type { Expected, ResponseHead } from './response-head.ts';
import { type LastHead, ResponseParser } from './response-parser.ts';

/** What all connections of a meter share. */
export interface Line {
  dial: Dial;
  expected: Expected;
  lastHead: LastHead;
  /** Answers are read into this one buffer: the parser is done with it before the next read. */
  buffer: Buffer;
}

/** Who is told what becomes of a connection's exchange. Every exchange given to `send` ends in one of the first two. */
export interface ConnectionEvents {
  answered(exchange: Exchange, head: ResponseHead): void;
  broken(exchange: Exchange, problem: Problem): void;
  /** The connection can carry another exchange. */
  idle(connection: Connection): void;
  /** The connection has had its last answer; the server should close it. */
  leaving(connection: Connection): void;
  closed(connection: Connection): void;
}

/** Idle time after which a connection is not used again when the server announces none. */
const defaultIdleMs = 3_000;

/**
 * How long an idle connection may still be used. A server that closes an idle connection while a request is on its way
 * loses that request, and no client can tell; so stay a second (of short times: half) below what the server announced.
 */
export function idleLimit(announcedMs: number | undefined): number {
  if (announcedMs === undefined) return defaultIdleMs;
  return Math.max(announcedMs - 1_000, announcedMs / 2);
}

/** How far a connection has come. */
type Stage = 'connecting' | 'handshake' | 'open';

const missing = {
  connecting: 'the connection',
  handshake: 'the TLS handshake',
  open: 'an answer',
} as const satisfies Record<Stage, string>;

/** One connection, TCP or TLS, that carries one exchange at a time. */
export class Connection {
  readonly #socket: Socket;
  readonly #parser: ResponseParser;
  readonly #events: ConnectionEvents;
  #exchange: Exchange | undefined;
  #stage: Stage = 'connecting';
  #isClosed = false;
  #error: unknown;
  idleSinceMs = 0;
  idleLimitMs = defaultIdleMs;

  constructor(line: Line, events: ConnectionEvents) {
    this.#events = events;
    this.#parser = new ResponseParser(line.expected, line.lastHead);
    this.#socket = line.dial({
      buffer: line.buffer,
      callback: (count, buffer) => this.#read(count, buffer as Buffer),
    });
    this.#watchStage();
    this.#socket.once('end', () => this.#ended());
    this.#socket.once('error', (error) => {
      this.#error = error;
    });
    this.#socket.once('close', () => this.#closed());
  }

  get isUsable(): boolean {
    return !this.#isClosed && !this.#socket.destroyed && !this.#socket.readableEnded;
  }

  /** What an exchange on it is waiting for. */
  get missing(): (typeof missing)[Stage] {
    return missing[this.#stage];
  }

  /** Sends a request; `bytes` is a latin1 string. The connection has to be idle or new. */
  send(exchange: Exchange, bytes: string): void {
    this.#exchange = exchange;
    exchange.connection = this;
    this.#parser.reset();
    this.#socket.write(bytes, 'latin1');
  }

  /** Closes at once; an exchange on it is not reported any more. */
  drop(): void {
    this.#exchange = undefined;
    this.#socket.destroy();
  }

  #watchStage(): void {
    const isSecure = isTls(this.#socket);
    this.#socket.once('connect', () => {
      this.#stage = isSecure ? 'handshake' : 'open';
    });
    this.#socket.once('secureConnect', () => {
      this.#stage = 'open';
    });
  }

  #read(count: number, buffer: Buffer): boolean {
    if (!this.#exchange) {
      this.drop(); // Bytes that nobody asked for: what comes next could not be told apart from an answer.
      return false;
    }
    const used = this.#parser.push(buffer, 0, count);
    if (this.#parser.isMalformed) this.#break({ kind: 'malformed', detail: this.#parser.problem });
    else if (this.#parser.isDone) this.#answered(used === count);
    return true;
  }

  #answered(isClean: boolean): void {
    const [exchange, head] = [this.#exchange, this.#parser.head];
    if (!exchange || !head) return;
    this.#exchange = undefined;
    this.#events.answered(exchange, head);
    if (head.keepAlive && isClean) {
      this.idleLimitMs = idleLimit(head.idleTimeoutMs);
      this.#events.idle(this);
    } else this.#events.leaving(this);
  }

  /** The server closed its side. */
  #ended(): void {
    if (this.#exchange && this.#parser.end()) this.#answered(false);
    this.#socket.destroy();
  }

  #closed(): void {
    this.#isClosed = true;
    if (this.#exchange) this.#break(this.#problem());
    this.#events.closed(this);
  }

  #break(problem: Problem): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (exchange) this.#events.broken(exchange, problem);
    this.#socket.destroy();
  }

  #problem(): Problem {
    const code = codeOf(this.#error);
    if (code === 'ETIMEDOUT') return { kind: 'timeout', detail: messageOf(this.#error) };
    if (this.#stage === 'connecting') return notConnected(this.#error);
    if (this.#stage === 'handshake') return handshakeProblem(this.#error);
    const when = this.#parser.hasBegun ? 'in the middle of the answer' : 'before the answer';
    const how = code === undefined ? 'closed' : `${code === 'ECONNRESET' ? 'reset' : code}`;
    return { kind: 'reset', detail: `connection ${how} ${when}` };
  }
}

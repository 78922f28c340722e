import { codeOf, messageOf } from '../platform/errors.ts';
import { phaseOf } from '../platform/phase.ts';
import { isUnknownIssuer, nameIssuer, tlsReason } from '../platform/tls.ts';
import type { Attempt, CheckContext } from './check.ts';

/** A host and a port, as in `127.0.0.1:8000`; an IPv6 address without brackets. */
export interface Peer {
  host: string;
  port: number;
}

/** Peers that were reached in this run: what does not answer any more has changed, not the way to it. */
export class Reached {
  readonly #peers = new Set<string>();

  add(peer: Peer): void {
    this.#peers.add(peerText(peer));
  }

  has(peer: Peer): boolean {
    return this.#peers.has(peerText(peer));
  }
}

/** An attempt had its time. */
export class TimeUp extends Error {
  override readonly name = 'TimeUp';
  readonly afterMs: number;

  constructor(afterMs: number) {
    super(`no answer within ${afterMs} ms`);
    this.afterMs = afterMs;
  }
}

type Failure = Extract<Attempt, { ok: false }>;

/** Codes of this machine's own limits. */
const ownLimits = new Set(['EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOBUFS']);
/** There is no way to the peer, or we may not take it. */
const noWay = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EACCES', 'EPERM', 'EINVAL']);

/**
 * What it tells that a peer could not be talked to: `error` comes from `dial`, `Http.send` or a socket of theirs.
 * Rejects with the signal's reason when the run was cancelled.
 */
export function failureOf(error: unknown, peer: Peer, context: CheckContext): Failure {
  const { signal } = context;
  if (signal.aborted && !(signal.reason instanceof TimeUp)) throw signal.reason;
  const why = signal.aborted ? undefined : causeOf(error);
  const phase = phaseOf(error) ?? 'answer';
  if (phase === 'answer' || phase === 'tls') context.reached.add(peer);
  switch (phase) {
    case 'lookup':
      return notFound(peer, why);
    case 'connect':
      return notConnected(peer, why, context);
    case 'tls':
      return noTls(peer, why, context);
    case 'answer':
      return { ok: false, finding: 'unhealthy', detail: unanswered(peer, why, context) };
  }
}

interface Why {
  code: string | undefined;
  text: string;
}

/** The first of several failures (of IPv4 and IPv6) speaks for all. */
function causeOf(error: unknown): Why {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return { code: codeOf(first) ?? codeOf(error), text: tlsReason(first) || messageOf(error) };
}

function notFound({ host }: Peer, why: Why | undefined): Failure {
  const how =
    why?.code === 'EAI_AGAIN' || why === undefined ? 'no name server answered' : 'there is no such name';
  return {
    ok: false,
    finding: 'unreachable-from-here',
    detail: `${host} cannot be resolved here: ${how}`,
    next: `check the name ${host}, or run this where it can be resolved`,
  };
}

function notConnected(peer: Peer, why: Why | undefined, context: CheckContext): Failure {
  const at = peerText(peer);
  const { code = '', text } = why ?? { text: `no connection within ${context.timeoutMs} ms` };
  if (ownLimits.has(code)) {
    return {
      ok: false,
      finding: 'unreachable-from-here',
      detail: `this machine's limit, not ${at}: ${text}`,
      next: 'raise the limit (ulimit -n, free ports) or run fewer connections at a time',
    };
  }
  const said = code === 'ECONNREFUSED' ? 'refuses the connection' : `cannot be connected to: ${text}`;
  const detail = `${at} ${said}`;
  const isOurs = !noWay.has(code) && (isLoopback(peer.host) || context.reached.has(peer));
  if (isOurs) return { ok: false, finding: 'unhealthy', detail };
  const next = `check that ${at} may be reached from here (firewall, VPN, a runner inside the network)`;
  return { ok: false, finding: 'unreachable-from-here', detail, next };
}

function noTls(peer: Peer, why: Why | undefined, { timeoutMs }: CheckContext): Failure {
  const text = why?.text ?? `no end within ${timeoutMs} ms`;
  const failure = {
    ok: false,
    finding: 'unhealthy',
    detail: `${peerText(peer)}: TLS failed: ${text}`,
  } as const;
  return isUnknownIssuer(why?.code) ? { ...failure, next: nameIssuer } : failure;
}

function unanswered(peer: Peer, why: Why | undefined, { timeoutMs }: CheckContext): string {
  const at = peerText(peer);
  if (why === undefined) return `connected to ${at}, but no answer within ${timeoutMs} ms`;
  if (why.code === 'ECONNRESET' || why.code === 'EPIPE')
    return `${at} closed the connection without an answer`;
  return `connected to ${at}, but no answer: ${why.text}`;
}

/** Nothing stands between us and such an address. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/i.test(host);
}

export function peerText({ host, port }: Peer): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Host and port of a URL; the port of its scheme where it names none. */
export function peerOf(url: string): Peer {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' || protocol === 'wss:' ? 443 : 80;
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? usual : Number(port) };
}

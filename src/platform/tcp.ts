import type { Socket } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { failedIn, type Phase } from './phase.ts';

export type { Socket };

/** How TLS is spoken; the peer's certificate is always verified. */
export interface TlsOptions {
  /** Name that the certificate has to be for. Default: the host. */
  servername?: string | undefined;
  /** PEM text of the certificate authorities to trust instead of the system's. */
  ca?: string | undefined;
  /** Protocols to offer, the preferred one first: `['h2']`. */
  alpn?: readonly string[] | undefined;
}

export interface DialOptions {
  /** Name or address, an IPv6 one without brackets. */
  host: string;
  port: number;
  /** Undefined: plain TCP. */
  tls?: TlsOptions | undefined;
  /** Gives up with an error whose `cause` is the signal's reason. After the connection is made it means nothing. */
  signal?: AbortSignal;
}

/** A certificate as a peer showed it. */
export interface Certificate {
  /** Who it is for and who made it, the common names. */
  subject: string;
  issuer: string;
  /** Milliseconds since 1970 at which it ends. */
  validTo: number;
}

/** Loaded with the first connection: node:tls costs a start some milliseconds. */
const loadNet = async () => process.getBuiltinModule?.('node:net') ?? (await import('node:net'));
export const loadTls = async () => process.getBuiltinModule?.('node:tls') ?? (await import('node:tls'));

/**
 * Connects. Rejects with the system error, which carries its {@link Phase}; the socket that comes back has no listener
 * of ours any more, so whoever takes it listens for `error`.
 */
export async function dial(options: DialOptions): Promise<Socket> {
  const { host, port, tls } = options;
  if (tls === undefined) {
    const { connect } = await loadNet();
    return connected(connect({ host, port, noDelay: true }), 'connect', options);
  }
  const { connect } = await loadTls();
  const socket = connect({ ...tlsSettings(host, tls), host, port });
  return connected(socket.setNoDelay(), 'secureConnect', options);
}

/** Purely: what node:tls is told. An address has no place in the handshake (RFC 6066 section 3), but is verified all the same. */
export function tlsSettings(
  host: string,
  { servername, ca, alpn }: TlsOptions,
): { servername?: string; ca?: string; ALPNProtocols?: string[] } {
  const name = servername ?? (isAddress(host) ? undefined : host);
  return {
    ...(name === undefined ? {} : { servername: name }),
    ...(ca === undefined ? {} : { ca }),
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
  };
}

function connected(
  socket: Socket,
  readyEvent: 'connect' | 'secureConnect',
  { host, signal }: DialOptions,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const phase = watchPhase(socket, host);
    const abort = () => fail(new Error('gave up', { cause: signal?.reason }));
    const fail = (error: Error) => {
      settle();
      socket.on('error', () => {}); // What comes after the failure adds nothing.
      socket.destroy();
      reject(failedIn(phase(), error));
    };
    const ready = () => {
      settle();
      resolve(socket);
    };
    const closed = () => fail(new Error('closed by the other side'));
    const settle = () => {
      signal?.removeEventListener('abort', abort);
      socket.off('error', fail).off('close', closed).off(readyEvent, ready);
    };
    socket.once('error', fail).once('close', closed).once(readyEvent, ready);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Gives the phase that a socket to `host` is in, from its own events; call it before the socket is connected. */
export function watchPhase(socket: Socket, host: string): () => Phase {
  let phase: Phase = isAddress(host) ? 'connect' : 'lookup';
  socket.once('lookup', (error: Error | null) => {
    if (!error) phase = 'connect';
  });
  socket.once('connect', () => {
    phase = isTls(socket) ? 'tls' : 'answer';
  });
  socket.once('secureConnect', () => {
    phase = 'answer';
  });
  return () => phase;
}

/** Whether a socket speaks TLS. */
export const isTls = (socket: Socket): socket is TLSSocket => 'encrypted' in socket;

/** Whether a host is written as an address, so that nobody has to look it up. */
export const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);

/** The certificate that the peer of a TLS connection has shown; undefined on a plain one. */
export function certificateOf(socket: Socket): Certificate | undefined {
  if (!isTls(socket)) return undefined;
  const shown: Partial<PeerCertificate> = socket.getPeerCertificate();
  if (shown.valid_to === undefined) return undefined;
  return {
    subject: nameIn(shown.subject),
    issuer: nameIn(shown.issuer),
    validTo: Date.parse(shown.valid_to),
  };
}

function nameIn(names: PeerCertificate['subject'] | undefined): string {
  const name = names?.CN ?? names?.O ?? '';
  return Array.isArray(name) ? name.join(', ') : name;
}

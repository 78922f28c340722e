import * as v from 'valibot';
import { choice } from '../config/schema/fields.ts';
import { dial, type Socket, type TlsOptions } from '../platform/tcp.ts';
import type { Attempt, CheckContext } from './check.ts';
import { failureOf, type Peer } from './reach.ts';
import { caFile, readCa } from './trust.ts';

/** Keys of checks that connect by themselves. */
export const tlsEntries = {
  tls: v.optional(choice('Whether to speak TLS; the certificate is verified.', ['verify', 'off']), 'off'),
  ca: v.optional(caFile),
};

export interface TlsSpec {
  tls: 'verify' | 'off';
  ca: string | undefined;
}

/** The TLS that a spec asks for; undefined: none. */
export async function tlsOf(
  { tls, ca }: TlsSpec,
  context: CheckContext,
): Promise<{ tls: TlsOptions | undefined } | { problem: Attempt }> {
  if (tls === 'off') return { tls: undefined };
  const read = await readCa(ca, context);
  return 'problem' in read ? read : { tls: read };
}

/** A connection to a peer, or what it tells that there is none. */
export async function dialled(
  peer: Peer,
  tls: TlsOptions | undefined,
  context: CheckContext,
): Promise<{ socket: Socket } | { problem: Attempt }> {
  try {
    const socket = await dial({ ...peer, tls, signal: context.signal });
    context.reached.add(peer);
    return { socket };
  } catch (error) {
    return { problem: failureOf(error, peer, context) };
  }
}

/**
 * Talks on a connection and closes it, whatever comes of it. `talk` rejects with what goes wrong, such as the error
 * or the early end of the socket, or with the signal's reason.
 */
export async function conversation(
  socket: Socket,
  { peer, context }: { peer: Peer; context: CheckContext },
  talk: (broken: Promise<never>) => Promise<Attempt>,
): Promise<Attempt> {
  const settled = new AbortController();
  try {
    return await talk(brokenOff(socket, context.signal, settled.signal));
  } catch (error) {
    return failureOf(error, peer, context);
  } finally {
    settled.abort();
    socket.on('error', () => {}); // Nobody waits for it any more.
    socket.destroy();
  }
}

/** Rejects when nothing more can come: the socket broke or was closed, or the time is over. */
function brokenOff(socket: Socket, signal: AbortSignal, settled: AbortSignal): Promise<never> {
  const broken = new Promise<never>((_, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed')));
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true, signal: settled });
  });
  broken.catch(() => {}); // Who talks may have ended before.
  return broken;
}

/** Nothing can be connected to at such an address. */
export function noAddress(text: string, { shown }: CheckContext): Attempt {
  return { ok: false, finding: 'unhealthy', detail: `${shown(text)} is not an address` };
}

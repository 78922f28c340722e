import type { OnReadOpts, Socket } from 'node:net';
import { messageOf } from './errors.ts';
import { loadTls, type TlsOptions, tlsSettings } from './tcp.ts';

/** Opens one more connection; what is read on it goes into the one buffer and to the callback that is given. */
export type Dial = (onread: OnReadOpts) => Socket;

/**
 * Opens TLS connections to one server, for who needs many: what they share (the authorities to trust) is read once.
 * Each connection makes a TLS session of its own. Bytes written earlier leave when the peer's certificate was verified.
 */
export async function secureDial({
  host,
  port,
  tls,
}: {
  host: string;
  port: number;
  tls: TlsOptions;
}): Promise<Dial> {
  const { connect, createSecureContext } = await loadTls();
  const { ca, ...settings } = tlsSettings(host, tls);
  const secureContext = createSecureContext(ca === undefined ? {} : { ca });
  // The types leave out onread, which net.Socket is given by node:tls, too.
  const options = (onread: OnReadOpts) => ({ ...settings, host, port, secureContext, onread });
  return (onread) => connect(options(onread)).setNoDelay();
}

/** Codes of certificates that this machine may be too ignorant to trust, which `ca` would mend. */
const unknownIssuer = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** Whether a handshake failed because nobody whom we trust has signed the certificate. */
export const isUnknownIssuer = (code: string | undefined): boolean => unknownIssuer.has(code ?? '');

/** What a person can do then. */
export const nameIssuer = 'where the issuer is to be trusted, name its certificate with ca';

/** How OpenSSL writes an error: `…:error:<number>:<library>:<function>:<reason>:<source>:<line>:` */
const openSslError = /:error:[0-9A-F]+:[^:]*:[^:]*:(?<reason>[^:]+):/;

/** What an error of a TLS connection says, in a few words: nothing of OpenSSL's sources, nothing about options of Node. */
export function tlsReason(error: unknown): string {
  const message = messageOf(error);
  return openSslError.exec(message)?.groups?.['reason'] ?? message.replace(/; if the root CA.*$/, '');
}

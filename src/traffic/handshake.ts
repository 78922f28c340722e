import { codeOf } from '../platform/errors.ts';
import { isUnknownIssuer, tlsReason } from '../platform/tls.ts';
import type { Problem } from './exchange.ts';

/** How the detail of a failure begins whose certificate nobody whom we trust has signed. */
export const notTrusted = 'certificate not trusted';

/** What was shown, or said, is not TLS as we speak it; the others are about the certificate. */
const notTls = /^(?:ERR_SSL_|EPROTO$|ERR_TLS_(?!CERT_))/;
/** Codes of the system, such as ECONNRESET. */
const systemCode = /^E[A-Z0-9]+$/;

/**
 * Purely: why TLS could not be agreed on, on a connection that had been made. `reset` where the connection broke, and
 * `malformed` where what the server showed cannot be accepted: then it never saw a request.
 * @param error undefined: the connection was closed without one
 */
export function handshakeProblem(error: unknown): Problem {
  if (error === undefined) return { kind: 'reset', detail: 'connection closed in the TLS handshake' };
  const [code = '', reason] = [codeOf(error), tlsReason(error)];
  if (notTls.test(code)) return { kind: 'malformed', detail: `no TLS: ${reason}` };
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return { kind: 'reset', detail: 'connection closed in the TLS handshake' };
  if (systemCode.test(code)) return { kind: 'reset', detail: `connection ${code} in the TLS handshake` };
  const verdict = isUnknownIssuer(code) ? notTrusted : 'certificate refused';
  return { kind: 'malformed', detail: `${verdict}: ${reason}` };
}

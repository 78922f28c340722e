import { codeOf, messageOf } from '../platform/errors.ts';
import type { Problem } from './exchange.ts';

/** Codes that tell of this machine's limits, not of the server. */
const ownLimits = new Set(['EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOBUFS']);
/** There is no name, no way, or we may not take it. */
const noWay = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EACCES',
  'EPERM',
]);

/** Purely: why a connection was not made. Of several tries (IPv4 and IPv6) the first speaks for all. */
export function notConnected(error: unknown): Problem {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = codeOf(first) ?? '';
  const detail = messageOf(first);
  if (ownLimits.has(code))
    return { kind: 'unreachable', detail: `this machine's limit, not the server: ${detail}` };
  return { kind: noWay.has(code) ? 'unreachable' : 'refused', detail };
}

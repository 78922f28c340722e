import type { Color } from '../../target.ts';
import type { RequestHead } from './head.ts';

/**
 * Header lines that the proxy adds to a request. `x-forwarded-for` is appended as a line of its own, after those the
 * client sent: only the last entry of the list is ours, all before it is the client's word.
 */
export function requestLines(head: RequestHead, forwardedFor: string): string {
  return head.upgrade === undefined
    ? forwardedFor
    : `${forwardedFor}connection: upgrade\r\nupgrade: ${head.upgrade}\r\n`;
}

export function forwardedForLine(remoteAddress = 'unknown'): string {
  const address = remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress;
  return `x-forwarded-for: ${address}\r\n`;
}

/** What an answer says about the connection to the client. Nothing where the client takes it for granted. */
export function connectionLine(how: 'ends' | 'goes on', head: RequestHead | undefined): string {
  if (how === 'ends') return 'connection: close\r\n';
  return head?.http10 ? 'connection: keep-alive\r\n' : '';
}

/** Which colour answers, for a client that asks. */
export function colorLine(color: Color, head: RequestHead | undefined): string {
  return head?.probe ? `x-cutover-color: ${color}\r\n` : '';
}

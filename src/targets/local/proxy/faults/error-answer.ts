import type { EffectOf } from './fault-run.ts';

/** Reason phrases of the answers that outages are made of (RFC 9110 §15, RFC 6585 §4). */
const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Whether an answer with this status has neither a body nor a length (RFC 9110 §6.4.1, §8.6). */
const isBare = (status: number) => status < 200 || status === 204 || status === 304;

/**
 * The bytes (latin1) of an answer that takes the place of the component's. `fields`: further header lines, each with its
 * CRLF. `withoutBody`: HEAD, whose answer says how long the body would be and has none.
 */
export function errorAnswer(
  effect: EffectOf<'http-error'>,
  answer: { fields: string; withoutBody: boolean },
): string {
  const { status } = effect;
  const body = Buffer.from(effect.body, 'utf8');
  const framing = isBare(status)
    ? ''
    : `content-type: text/plain; charset=utf-8\r\ncontent-length: ${body.length}\r\n`;
  const head =
    `HTTP/1.1 ${status} ${phrases[status] ?? 'Fault'}\r\n${framing}` +
    `x-cutover-reason: fault\r\n${answer.fields}\r\n`;
  return answer.withoutBody || isBare(status) ? head : head + body.toString('latin1');
}

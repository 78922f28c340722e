import { UserError } from '../platform/errors.ts';
import type { MeterPlan } from './report.ts';

/** The request header that makes the embedded proxy say which colour answers, and the response header that says it. */
export const probeHeader = 'x-cutover-probe';
export const colorHeader = 'x-cutover-color';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
const requestTarget = /^\/[\x21-\x7e]*$/;
/** The client frames its requests itself. */
const ownHeaders = new Set(['content-length', 'transfer-encoding', 'connection', probeHeader]);

/** Bytes as a string with one character a byte, so that its length is the length on the wire. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const usualPort = { http: 80, https: 443 } as const;

export interface Address {
  scheme: keyof typeof usualPort;
  /** Name or address, an IPv6 one without brackets. */
  host: string;
  port: number;
  /** As it stands in the header `host`. */
  authority: string;
}

/** What an origin says. @throws UserError when it is not one of HTTP */
export function addressOf(origin: string): Address {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  const scheme = url?.protocol.slice(0, -1);
  if (!url || (scheme !== 'http' && scheme !== 'https'))
    throw new UserError(`the meter needs an http:// or https:// origin, "${origin}" is not one`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { scheme, host, port: Number(url.port || usualPort[scheme]), authority: url.host };
}

/**
 * Gives the bytes of request `n` (from 1) as a latin1 string: `{n}` in path, header values and body becomes the number.
 * @throws UserError for anything that cannot stand in a request
 */
export function requestTemplate(plan: MeterPlan): (n: number) => string {
  checkTarget(plan);
  const body = plan.body === undefined ? undefined : asBytes(plan.body).split('{n}');
  const head = headOf(plan, body !== undefined);
  const pieces = head.split('{n}');
  if (body) {
    return (n) => {
      const content = body.join(String(n));
      return `${pieces.join(String(n))}content-length: ${content.length}\r\n\r\n${content}`;
    };
  }
  const constant = `${head}\r\n`;
  return pieces.length === 1 ? () => constant : (n) => `${pieces.join(String(n))}\r\n`;
}

/** Request line and header lines, each with its line end, without the empty line. */
function headOf(plan: MeterPlan, hasBody: boolean): string {
  const names = new Set(Object.keys(plan.headers).map((name) => name.toLowerCase()));
  const lines = [`${plan.method} ${plan.path} HTTP/1.1`];
  if (!names.has('host')) lines.push(`host: ${addressOf(plan.origin).authority}`);
  if (!names.has('user-agent')) lines.push('user-agent: cutover-meter');
  lines.push(`${probeHeader}: 1`);
  if (plan.connections === 'new') lines.push('connection: close');
  if (!hasBody && /^(POST|PUT|PATCH)$/.test(plan.method)) lines.push('content-length: 0');
  if (hasBody && !names.has('content-type')) lines.push('content-type: application/json');
  for (const [name, value] of Object.entries(plan.headers)) lines.push(`${name}: ${asBytes(value)}`);
  return `${lines.join('\r\n')}\r\n`;
}

function checkTarget(plan: MeterPlan): void {
  if (!token.test(plan.method) || plan.method === 'CONNECT')
    throw new UserError(`the meter cannot send the method "${plan.method}"`);
  if (!requestTarget.test(plan.path))
    throw new UserError(`the meter's path has to start with "/" and be percent-encoded: "${plan.path}"`);
  for (const [name, value] of Object.entries(plan.headers)) {
    if (ownHeaders.has(name.toLowerCase()))
      throw new UserError(`the meter sets the header "${name}" by itself`);
    if (!token.test(name) || !fieldValue.test(asBytes(value)))
      // Its value may be a secret.
      throw new UserError(`the header "${name}" cannot be sent: its name or value holds what no header can`);
  }
}

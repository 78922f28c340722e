import type { HttpAnswer } from '../platform/http.ts';

export interface Request {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
  ca?: string;
}

/** What is for one server alone, and must not follow to another. */
const personal = ['authorization', 'cookie', 'proxy-authorization'];

/**
 * Purely: the request that a redirect asks for (RFC 9110, section 15.4); undefined where the answer is none, or leads
 * to what is not HTTP.
 */
export function redirected(
  request: Request,
  { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
): Request | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined;
  if (!URL.canParse(location, request.url)) return undefined;
  const url = new URL(location, request.url);
  if (!/^https?:$/.test(url.protocol)) return undefined;
  url.hash = '';
  const kept = url.origin === new URL(request.url).origin ? request.headers : impersonal(request.headers);
  const next = { ...request, url: url.href, headers: kept };
  const becomesGet = status === 303 ? request.method !== 'HEAD' : status < 303 && request.method === 'POST';
  return becomesGet ? { ...next, method: 'GET', body: undefined } : next;
}

function impersonal(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !personal.includes(name.toLowerCase()) && name.toLowerCase() !== 'host',
    ),
  );
}

import type { Http, HttpAnswer, HttpRequest } from '../../../platform/http.ts';

/** As many as Python's requests follows. */
const mostRedirects = 30;
const statuses = [301, 302, 303, 307, 308];
const credentials = ['authorization', 'cookie', 'proxy-authorization'];

/** Sends a request and follows redirects, each within the request's time; credentials stay with their host. */
export async function following(http: Http, request: HttpRequest): Promise<HttpAnswer> {
  let next = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await http.send(next);
    const { location } = answer.headers;
    if (!statuses.includes(answer.status) || typeof location !== 'string') return answer;
    if (redirects >= mostRedirects) throw new Error(`more than ${mostRedirects} redirects`);
    next = redirected(next, { status: answer.status, location });
  }
}

/** Where a redirect leads. All but GET and HEAD become a GET, unless the status says to keep them (RFC 9110, 15.4). */
export function redirected(
  request: HttpRequest,
  { status, location }: { status: number; location: string },
): HttpRequest {
  const from = new URL(request.url);
  const to = new URL(location, from);
  if (!/^https?:$/.test(to.protocol)) throw new Error(`redirected to ${to.protocol}`);
  const { body, method = 'GET', headers = {}, ...rest } = request;
  const isKept = status === 307 || status === 308 || method === 'GET' || method === 'HEAD';
  const kept = Object.entries(headers).filter(
    ([name]) =>
      (from.origin === to.origin || !credentials.includes(name.toLowerCase())) &&
      (isKept || name.toLowerCase() !== 'content-type'),
  );
  const same = isKept && body !== undefined ? { method, body } : { method: isKept ? method : 'GET' };
  return { ...rest, ...same, url: to.href, headers: Object.fromEntries(kept) };
}

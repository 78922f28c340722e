import * as v from 'valibot';
import { choice, duration, text, wholeNumber } from '../../config/schema/fields.ts';
import { listOf, mapping } from '../../config/schema/leaf.ts';
import { either } from '../../config/schema/lists.ts';
import { regularExpression } from '../../config/schema/regular-expression.ts';
import type { HttpAnswer } from '../../platform/http.ts';
import { type Attempt, type CheckContext, checkKind } from '../check.ts';
import { expectation } from '../expectation.ts';
import { type Exchanged, judgeHttp } from '../http-answer.ts';
import { jsonExpectations, jsonIn } from '../json-expectations.ts';
import { failureOf, peerOf } from '../reach.ts';
import { type Request, redirected } from '../redirect.ts';
import { headerName, place, requestHeaders, unsendable } from '../request-fields.ts';
import { caFile, readCa } from '../trust.ts';

const day = 86_400_000;

const status = (description: string) => wholeNumber(description, [100, 599]);

const entries = {
  http: place("Path below the component's address, or a whole http:// or https:// URL.", ['http', 'https']),
  method: v.optional(
    choice('Method of the request. Default: GET, and POST where there is a body.', [
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
    ]),
  ),
  headers: requestHeaders,
  body: v.optional(text('Body of the request.', ['{"order":1}'])),
  status: v.optional(
    either(
      Array.isArray,
      listOf('Statuses that are right.', 'a list of statuses', status('A status.')),
      status('Status that is right. Default: 200 to 399.'),
      'a status such as 200, or a list of them',
    ),
  ),
  json: v.optional(jsonExpectations('What must stand in the JSON of the answer, by JSONPath.')),
  matches: v.optional(
    regularExpression('Regular expression that the body must match; ^ and $ are not implied.'),
  ),
  header: v.optional(
    mapping(
      'What headers of the answer must be, by name.',
      headerName,
      expectation('What the header must be.'),
    ),
  ),
  certificate: v.optional(
    duration('For so long at least the TLS certificate must be valid.', [1, 3_650 * day]),
  ),
  redirects: v.optional(wholeNumber('Redirects that are followed; 0 takes one for the answer.', [0, 20]), 0),
  ca: v.optional(caFile),
};

/** One request, and what its answer must be. */
export const http = checkKind({
  kind: 'http',
  description: 'Sends an HTTP request and looks at the answer.',
  entries,
  defaultTimeoutMs: 5_000,
  example: `
- name: healthy
  http: /health
  status: 200
  within: 1s
- name: login
  http: /login
  body: '{"user":"smoke"}'
  json: { $.token: { exists: true } }
- name: orders
  http: /orders?limit=1
  headers: { authorization: 'Bearer \${checks.login.body.token}' }
  json: { '$.items[*].price': '>0' }
- name: site
  http: https://shop.example/
  redirects: 2
  certificate: 14d
  header: { strict-transport-security: { matches: max-age= } }`,
  attempt: async (spec, context): Promise<Attempt> => {
    const url = spec.http.startsWith('/')
      ? `${await context.aim.origin(context.component)}${spec.http}`
      : spec.http;
    if (!URL.canParse(url)) return unhealthy(`${context.shown(url)} is not a URL`);
    const unsent = unsendable(spec.headers);
    if (unsent !== undefined) return unhealthy(`the value of the header ${unsent} cannot be sent`);
    const ca = await readCa(spec.ca, context);
    if ('problem' in ca) return ca.problem;
    const method = spec.method ?? (spec.body === undefined ? 'GET' : 'POST');
    const request = { url, method, headers: withType(spec.headers, spec.body), body: spec.body };
    const exchanged = await exchange({ ...request, ...ca }, spec.redirects, context);
    if ('ok' in exchanged) return exchanged;
    const wrong = judgeHttp(spec, exchanged, { now: context.platform.clock.now(), shown: context.shown });
    if (wrong !== undefined) return unhealthy(wrong);
    return { ok: true, detail: seen(exchanged, context), answer: answerOf(exchanged), ms: exchanged.ms };
  },
});

const unhealthy = (detail: string): Attempt => ({ ok: false, finding: 'unhealthy', detail });

/** A body that looks like JSON is sent as JSON unless the headers say otherwise. */
function withType(
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Record<string, string> {
  const has = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  if (body === undefined || has) return { ...headers };
  return { 'content-type': jsonIn(body) ? 'application/json' : 'text/plain; charset=utf-8', ...headers };
}

/** Sends, and follows redirects. */
async function exchange(
  first: Request,
  redirects: number,
  context: CheckContext,
): Promise<Exchanged | Attempt> {
  let request = first;
  let ms = 0;
  for (let followed = 0; ; followed += 1) {
    const answer = await sent(request, context);
    if ('ok' in answer) return answer;
    ms += answer.ms;
    const next = redirects === 0 ? undefined : redirected(request, answer);
    if (next === undefined) return { answer, url: request.url, followed, ms };
    if (followed === redirects) {
      return unhealthy(`${answer.status} after ${followed} redirects, and no more were to be followed`);
    }
    request = next;
  }
}

async function sent(request: Request, context: CheckContext): Promise<HttpAnswer | Attempt> {
  const { platform, signal, timeoutMs, reached } = context;
  const { body, ...rest } = request;
  try {
    // The signal comes first and tells more; the platform's own limit is only a backstop.
    const answer = await platform.http.send({
      ...rest,
      ...(body === undefined ? {} : { body }),
      signal,
      timeoutMs: timeoutMs + 1_000,
    });
    reached.add(peerOf(request.url));
    return answer;
  } catch (error) {
    return failureOf(error, peerOf(request.url), context);
  }
}

function seen({ answer, followed, url, ms }: Exchanged, { shown, platform }: CheckContext): string {
  const { origin, pathname } = new URL(url);
  const from = followed === 0 ? '' : ` from ${shown(`${origin}${pathname}`)}`;
  const days = answer.certificate && Math.floor((answer.certificate.validTo - platform.clock.now()) / day);
  const certificate = days === undefined ? '' : `, certificate valid for ${days} days`;
  return `${answer.status} in ${Math.round(ms)} ms${from}${certificate}`;
}

function answerOf({ answer, url }: Exchanged): unknown {
  const json = jsonIn(answer.body);
  return { status: answer.status, headers: answer.headers, body: json ? json.value : answer.body, url };
}

import * as v from 'valibot';
import { text } from '../config/schema/fields.ts';
import { leaf } from '../config/schema/leaf.ts';
import type { HttpAnswer, HttpRequest } from '../platform/http.ts';
import type { Attempt, CheckContext } from './check.ts';
import { failureOf, peerOf } from './reach.ts';
import { unsendable } from './request-fields.ts';

/** A whole URL; `${checks.…}` in it is filled in later. */
export function webUrl(description: string, example: string) {
  return leaf<string>({
    description,
    noun: 'a URL',
    allowed: 'an http:// or https:// URL without blanks',
    parse: (given) => (/^https?:\/\/[^/\s][^\s#]{0,1999}$/i.test(String(given)) ? String(given) : undefined),
    json: { type: 'string', pattern: '^https?://' },
    examples: [example],
  });
}

/** Keys of a check that logs in over HTTP. */
export const loginEntries = {
  bearer: v.optional(text('Token for the header Authorization: Bearer.', ['${env.METRICS_TOKEN}'])),
  user: v.optional(text('User name for basic authentication.')),
  password: v.optional(text('Password for basic authentication.', ['${env.METRICS_PASSWORD}'])),
};

export interface Login {
  bearer: string | undefined;
  user: string | undefined;
  password: string | undefined;
}

/** The header that a login asks for. A line break at the end, as files with secrets have it, belongs to no secret. */
export function authorization({ bearer, user, password }: Login): Record<string, string> {
  if (bearer !== undefined) return { authorization: `Bearer ${bearer.trim()}` };
  if (user === undefined && password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64')}` };
}

/** Only a token is sent as it is given; that it cannot be sent says nothing about the release. */
const notSendable = (header: string): Attempt => ({
  ok: false,
  finding: 'unreachable-from-here',
  detail: `the header ${header} cannot be sent: the token holds a line break or another character that no header can carry`,
  next: 'correct what bearer is taken from: one line, the token and nothing else',
});

/** Metrics of a large application are some megabytes. */
const largestBody = 32 * 1024 * 1024;

/** One request of a check, within the attempt's time. @returns the failure where there is no answer */
export async function fetched(
  request: Omit<HttpRequest, 'signal' | 'timeoutMs'>,
  context: CheckContext,
): Promise<HttpAnswer | Attempt> {
  const { platform, signal, timeoutMs, reached } = context;
  const peer = peerOf(request.url);
  const unsent = unsendable(request.headers ?? {});
  if (unsent !== undefined) return notSendable(unsent);
  try {
    // The signal comes first and tells more; the platform's own limit is only a backstop.
    const answer = await platform.http.send({
      ...request,
      signal,
      timeoutMs: timeoutMs + 1_000,
      largestBody,
    });
    reached.add(peer);
    return answer;
  } catch (error) {
    return failureOf(error, peer, context);
  }
}

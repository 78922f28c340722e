import { messageOf } from '../../../platform/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../../platform/http.ts';
import type { Platform } from '../../../platform/platform.ts';
import { ActivityFailed, type Deed, type Doing } from '../deed.ts';
import type { Form } from '../form.ts';
import { bodyOf, formEncoded } from './http-arguments.ts';
import { following } from './http-redirects.ts';

/** Chaos Toolkit itself waits for ever. */
const defaultTimeoutMs = 60_000;

interface HttpSpec {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  arguments: unknown;
  timeoutMs: number;
  expected: readonly number[] | undefined;
  verify: 'system' | 'nobody' | { caFile: string };
  retries: number;
}

/** A request; its output has `status`, `headers` and `body`, which is parsed where it says to be JSON. */
export function readHttp(provider: Form): Deed | undefined {
  const url = urlIn(provider);
  const headers = headersIn(provider);
  const method = (provider.text('method') ?? 'GET').toUpperCase();
  const spec = {
    method,
    arguments: provider.at('arguments')?.filled,
    timeoutMs: timeoutIn(provider),
    expected: expectedIn(provider),
    verify: verifyIn(provider),
    retries: provider.amount('max_retries') ?? 0,
  };
  if (url === undefined || headers === undefined) return undefined;
  const whole: HttpSpec = { ...spec, url, headers };
  return {
    kind: 'http',
    what: `${method} ${url}`,
    act: (doing) => send(whole, doing),
    failure: (output) => failureOf(output, spec.expected),
  };
}

function urlIn(provider: Form): string | undefined {
  const text = provider.needText('url');
  if (text === undefined) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  return provider.at('url')?.refuse('url is not a URL', 'http://… or https://…');
}

function headersIn(provider: Form): Record<string, string> | undefined {
  const form = provider.at('headers');
  if (!form) return {};
  if (!form.isMapping) return form.refuse('headers has to be a mapping');
  return Object.fromEntries(form.entries().map(([name, value]) => [name, String(value.filled)]));
}

/** Seconds; of a list, the first counts for the connection and the second for the answer. */
function timeoutIn(provider: Form): number {
  const form = provider.at('timeout');
  const given = form?.filled;
  if (given === undefined) return defaultTimeoutMs;
  const parts = (Array.isArray(given) ? given : [given]).map(Number);
  const seconds = parts.reduce((sum, one) => sum + one, 0);
  if (parts.length <= 2 && seconds > 0 && seconds < 86_400) return seconds * 1_000;
  form?.refuse('timeout has to be a number of seconds, or a list of two');
  return defaultTimeoutMs;
}

function expectedIn(provider: Form): readonly number[] | undefined {
  const form = provider.at('expected_status');
  if (!form) return undefined;
  const given = form.filled;
  const statuses = (Array.isArray(given) ? given : [given]).map(Number);
  return statuses.every(Number.isInteger)
    ? statuses
    : form.refuse('expected_status has to be a status or a list of them');
}

function verifyIn(provider: Form): HttpSpec['verify'] {
  const given = provider.at('verify_tls')?.filled;
  if (typeof given === 'string') return { caFile: given };
  return given === false ? 'nobody' : 'system';
}

async function send(spec: HttpSpec, { session, signal, value }: Doing): Promise<unknown> {
  const { platform } = session.request;
  const request = { ...(await requestOf(spec, platform, value)), signal };
  for (let tries = 0; ; tries += 1) {
    try {
      return outputOf(await following(platform.http, request));
    } catch (error) {
      if (signal.aborted || tries >= spec.retries) throw new ActivityFailed(failedToSend(spec, error));
    }
  }
}

const failedToSend = ({ method, url }: HttpSpec, error: unknown): string =>
  `${method} ${url}: ${messageOf(error)}`;

async function requestOf(spec: HttpSpec, platform: Platform, value: unknown): Promise<HttpRequest> {
  const { method, headers, timeoutMs, verify } = spec;
  const given = value === undefined ? spec.arguments : { ...asMapping(spec.arguments), value };
  const trust = await trustOf(verify, platform);
  if (method !== 'GET') {
    const { body, type } = bodyOf(given, headers);
    return {
      url: spec.url,
      method,
      headers: { ...type, ...headers },
      timeoutMs,
      ...trust,
      ...(body === undefined ? {} : { body }),
    };
  }
  const url = new URL(spec.url);
  const query = formEncoded(given);
  if (query !== '') url.search = url.search === '' ? query : `${url.search}&${query}`;
  return { url: url.href, method, headers: { ...headers }, timeoutMs, ...trust };
}

const asMapping = (given: unknown): object => (typeof given === 'object' && given !== null ? given : {});

async function trustOf(
  verify: HttpSpec['verify'],
  { files }: Platform,
): Promise<Pick<HttpRequest, 'ca' | 'tls'>> {
  if (verify === 'system') return {};
  if (verify === 'nobody') return { tls: 'unverified' };
  const ca = await files.readText(verify.caFile);
  if (ca === undefined) throw new ActivityFailed(`there is no file ${verify.caFile}`);
  return { ca };
}

function outputOf({ status, headers, rawHeaders, body }: HttpAnswer): unknown {
  const isJson = headers['content-type'] === 'application/json';
  return { status, headers: namedAsSent(rawHeaders, headers), body: isJson ? parsed(body) : body };
}

/** Values of a name that came twice are one, with commas, as Chaos Toolkit has them. */
function namedAsSent(raw: readonly string[] = [], headers: HttpAnswer['headers']): Record<string, string> {
  const names = new Map(Object.keys(headers).map((name) => [name, name]));
  for (let at = 0; at < raw.length; at += 2) names.set(raw[at]?.toLowerCase() ?? '', raw[at] ?? '');
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[names.get(name) ?? name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ActivityFailed('the answer says to be JSON and is not');
  }
}

function failureOf(output: unknown, expected: readonly number[] | undefined): string | undefined {
  const { status } = output as { status: number };
  if (expected)
    return expected.includes(status) ? undefined : `status ${status}, expected ${expected.join(' or ')}`;
  return status >= 400 ? `status ${status}` : undefined;
}

import type { HttpAnswer } from '../platform/http.ts';
import { absence, type Expectation, objection } from './expectation.ts';
import { jsonIn, jsonObjection } from './json-expectations.ts';

/** An answer and how it came about. */
export interface Exchanged {
  answer: HttpAnswer;
  /** Where it came from in the end. */
  url: string;
  /** Redirects on the way. */
  followed: number;
  ms: number;
}

/** What of a check's keys is about the answer. */
export interface HttpExpectations {
  status: number | readonly number[] | undefined;
  json: Readonly<Record<string, Expectation>> | undefined;
  matches: string | undefined;
  header: Readonly<Record<string, Expectation>> | undefined;
  /** Milliseconds. */
  certificate: number | undefined;
}

interface Looking {
  /** Milliseconds since 1970. */
  now: number;
  shown: (text: string) => string;
}

const day = 86_400_000;

/** Purely: the first thing wrong with an answer, `503, expected 200`; undefined: nothing is. */
export function judgeHttp(
  expected: HttpExpectations,
  { answer }: Exchanged,
  { now, shown }: Looking,
): string | undefined {
  return (
    wrongStatus(answer, expected.status, shown) ??
    wrongHeader(answer, expected.header ?? {}, shown) ??
    wrongBody(answer, expected, shown) ??
    wrongCertificate(answer, expected.certificate, now)
  );
}

function wrongStatus(
  { status, body }: HttpAnswer,
  expected: HttpExpectations['status'],
  shown: Looking['shown'],
): string | undefined {
  const right = expected === undefined ? status >= 200 && status < 400 : [expected].flat().includes(status);
  if (right) return undefined;
  const said = body.trim() === '' ? '' : `: ${shown(body)}`;
  return `${status}, expected ${expected === undefined ? '200 to 399' : [expected].flat().join(' or ')}${said}`;
}

function wrongHeader(
  { headers }: HttpAnswer,
  expected: Readonly<Record<string, Expectation>>,
  shown: Looking['shown'],
): string | undefined {
  for (const [name, expectation] of Object.entries(expected)) {
    const given = headers[name.toLowerCase()];
    const wrong =
      given === undefined ? absence(expectation) : objection([given].flat().join(', '), expectation, shown);
    if (wrong !== undefined) return `header ${name} ${wrong}`;
  }
  return undefined;
}

function wrongBody(
  { body }: HttpAnswer,
  { json, matches }: HttpExpectations,
  shown: Looking['shown'],
): string | undefined {
  if (matches !== undefined && !new RegExp(matches, 'u').test(body)) {
    return `the body does not match ${shown(matches)}: ${shown(body)}`;
  }
  if (json === undefined) return undefined;
  const document = jsonIn(body);
  return document ? jsonObjection(document.value, json, shown) : `the body is not JSON: ${shown(body)}`;
}

function wrongCertificate(
  { certificate }: HttpAnswer,
  atLeastMs: number | undefined,
  now: number,
): string | undefined {
  if (atLeastMs === undefined) return undefined;
  if (certificate === undefined) return 'there is no certificate, because it is not HTTPS';
  const left = certificate.validTo - now;
  if (left >= atLeastMs) return undefined;
  return `the certificate of ${certificate.subject} is valid for ${days(left)}, expected ${days(atLeastMs)}`;
}

const days = (ms: number): string => `${Math.floor(ms / day)} days`;

import type { Expectation } from '../expectation.ts';
import { jsonIn, jsonObjection } from '../json-expectations.ts';

/** What one message must be: this very text, or a mapping of what must hold. */
export type ExpectedMessage =
  | string
  | { matches: string | undefined; json: Readonly<Record<string, Expectation>> | undefined };

/** Purely: whether a message is the one that is expected. */
export function isExpected(message: string, expected: ExpectedMessage): boolean {
  if (typeof expected === 'string') return message === expected;
  const { matches, json } = expected;
  if (matches !== undefined && !new RegExp(matches, 'u').test(message)) return false;
  if (json === undefined) return true;
  const document = jsonIn(message);
  return document !== undefined && jsonObjection(document.value, json, (text) => text) === undefined;
}

/** For a message about what did not come. */
export function describeExpected(expected: ExpectedMessage): string {
  if (typeof expected === 'string') return JSON.stringify(expected);
  const { matches, json } = expected;
  const parts = [
    ...(matches === undefined ? [] : [`a match of ${matches}`]),
    ...(json === undefined ? [] : [`JSON with ${Object.keys(json).join(', ')}`]),
  ];
  return parts.join(' and ');
}

import type { Literal } from '../expression/tokens.ts';

/**
 * What is known of a value before anything runs. other: not written out; whether it counts as true, texts that it is not
 * (in lower case) and what it begins with are known. unknown: nothing is.
 */
export type Value =
  | { readonly kind: 'known'; readonly value: Literal }
  | {
      readonly kind: 'other';
      readonly isTrue: boolean;
      readonly not: ReadonlySet<string>;
      readonly prefix: string;
    }
  | { readonly kind: 'unknown' };

export const known = (value: Literal): Value => ({ kind: 'known', value });
export const unknown: Value = { kind: 'unknown' };

export const other = (
  isTrue: boolean,
  more: { readonly not?: ReadonlySet<string>; readonly prefix?: string } = {},
): Value => ({ kind: 'other', isTrue, not: more.not ?? new Set(), prefix: more.prefix ?? '' });

/** Whether it counts as true; undefined: not certain. */
export function truthOf(value: Value): boolean | undefined {
  if (value.kind === 'unknown') return undefined;
  return value.kind === 'other' ? value.isTrue : Boolean(value.value);
}

/** `==` of GitHub: texts ignore case, different types become numbers. Undefined: not certain. */
export function equal(a: Value, b: Value): boolean | undefined {
  if (a.kind === 'known' && b.kind === 'known') return literalsEqual(a.value, b.value);
  if (a.kind === 'other' && b.kind === 'known') return otherEquals(a, b.value);
  if (a.kind === 'known' && b.kind === 'other') return otherEquals(b, a.value);
  return undefined;
}

function otherEquals(value: Value & { kind: 'other' }, literal: Literal): boolean | undefined {
  if (typeof literal !== 'string') return undefined;
  const text = literal.toLowerCase();
  return value.not.has(text) || !text.startsWith(value.prefix) ? false : undefined;
}

export function literalsEqual(a: Literal, b: Literal): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  return typeof a === typeof b ? a === b : numberOf(a) === numberOf(b);
}

/** What a literal is as a number, by the table in GitHub's documentation of expressions. */
export function numberOf(value: Literal): number {
  return typeof value === 'string' && value.trim() === '' ? 0 : Number(value);
}

/** `startsWith`; undefined: not certain. */
export function startsWith(value: Value, start: Value): boolean | undefined {
  if (start.kind !== 'known') return undefined;
  const wanted = String(start.value ?? '').toLowerCase();
  if (value.kind === 'known')
    return String(value.value ?? '')
      .toLowerCase()
      .startsWith(wanted);
  if (value.kind === 'unknown') return undefined;
  if (value.prefix.startsWith(wanted)) return true;
  return wanted.startsWith(value.prefix) ? undefined : false;
}

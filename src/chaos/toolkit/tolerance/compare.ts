import { isDeepStrictEqual } from 'node:util';

/** Python's `==` over what JSON can hold: true is 1, and 1 is 1.0. */
export function equals(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

/** Booleans as numbers, and objects with one and the same prototype. */
function plain(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

/** Python's `a <= b`; undefined where the two have no order. */
export function atMost(a: unknown, b: unknown): boolean | undefined {
  const [left, right] = [plain(a), plain(b)];
  if (typeof left === 'number' && typeof right === 'number') return left <= right;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  return Buffer.compare(Buffer.from(left), Buffer.from(right)) <= 0;
}

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `status` where the value has one: what Chaos Toolkit compares then. */
export const statusOr = (value: unknown): unknown =>
  isMapping(value) && 'status' in value ? value.status : value;

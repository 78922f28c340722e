import { time } from './formats.ts';
import type { Scalar } from './shapes.ts';

/** `a number`, `a list`; never the value itself, it may be secret. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'boolean') return 'a truth value';
  return typeof value === 'number' ? 'a number' : 'a text';
}

/** Why a value is not of a scalar type, as a sentence; undefined where it is. */
export function scalarFault(type: Scalar, value: unknown): string | undefined {
  switch (type) {
    case 'anything':
      return undefined;
    case 'string':
    case 'base64':
      return typeof value === 'string' ? undefined : textFault(value);
    case 'time':
      return typeof value === 'string' ? time(value) : textFault(value);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `is ${described(value)}, it takes true or false`;
    case 'int-or-string':
      return typeof value === 'string' || Number.isSafeInteger(value)
        ? undefined
        : `is ${described(value)}, it takes a whole number or a text`;
    case 'number':
      return typeof value === 'number' ? undefined : `is ${described(value)}, it takes a number`;
    case 'int32':
    case 'int64':
      return integerFault(type, value);
  }
}

function textFault(value: unknown): string {
  const hint = typeof value === 'number' || typeof value === 'boolean' ? ': put it in quotes' : '';
  return `is ${described(value)}, it takes a text${hint}`;
}

function integerFault(type: 'int32' | 'int64', value: unknown): string | undefined {
  if (typeof value !== 'number') {
    const unquote = typeof value === 'string' && /^-?\d+$/.test(value) ? ': write it without quotes' : '';
    return `is ${described(value)}, it takes a whole number${unquote}`;
  }
  if (!Number.isInteger(value)) return `${value} is not a whole number`;
  const fits = type === 'int64' || (value >= -(2 ** 31) && value < 2 ** 31);
  return fits ? undefined : `${value} does not fit into 32 bits`;
}

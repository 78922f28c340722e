import { didYouMean } from '../../../config/suggest.ts';

export type ScalarKind = 'text' | 'number' | 'switch';
export type Plain = string | number | boolean;

/** A value without parts. */
export interface Scalar {
  /** What to write, where a value of another kind stands: `a duration, such as 1m30s`. */
  readonly name: string;
  readonly kinds: readonly ScalarKind[];
  /** What is wrong with a value of one of the kinds; undefined: nothing. Never sees a value with variables in it. */
  problem(value: Plain): string | undefined;
}

const nothing = (): undefined => undefined;

const shown = (value: Plain): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);

export const text: Scalar = { name: 'text', kinds: ['text'], problem: nothing };
export const textOrNumber: Scalar = { name: 'text or a number', kinds: ['text', 'number'], problem: nothing };
export const plain: Scalar = {
  name: 'text, a number, true or false',
  kinds: ['text', 'number', 'switch'],
  problem: nothing,
};

/** Compose itself turns these words into truth values: loader/interpolate.go of compose-go. */
const truthWords = /^(?:true|false|yes|no|on|off|y|n)$/i;

export const truth: Scalar = {
  name: 'true or false',
  kinds: ['switch', 'text'],
  problem: (value) =>
    typeof value === 'string' && !truthWords.test(value)
      ? `${shown(value)} is not a truth value; allowed: true or false`
      : undefined,
};

/** Where no word will do for it. */
export const onlyTruth: Scalar = { name: 'true or false', kinds: ['switch'], problem: nothing };

/** true, false or something else in words. */
export const truthOrText: Scalar = {
  name: 'true, false or text',
  kinds: ['switch', 'text'],
  problem: nothing,
};

export interface Range {
  from?: number;
  to?: number;
}

const rangeText = ({ from, to }: Range): string =>
  from !== undefined && to !== undefined ? `${from} to ${to}` : `${from ?? 0} or more`;

function numberProblem(value: Plain, range: Range, form: { noun: string; is: RegExp }): string | undefined {
  const number = Number(value);
  if (!form.is.test(String(value))) return `${shown(value)} is not ${form.noun}`;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = range;
  return number < from || number > to
    ? `${shown(value)} is out of range; allowed: ${rangeText(range)}`
    : undefined;
}

/** A whole number, also in quotes. */
export const whole = (range: Range = {}): Scalar => ({
  name: 'a whole number',
  kinds: ['number', 'text'],
  problem: (value) => numberProblem(value, range, { noun: 'a whole number', is: /^[-+]?\d+(?:e\+\d+)?$/ }),
});

/** A number, also in quotes. */
export const decimal = (range: Range = {}): Scalar => ({
  name: 'a number',
  kinds: ['number', 'text'],
  problem: (value) =>
    numberProblem(value, range, { noun: 'a number', is: /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i }),
});

/** A number that must not be in quotes. */
export const onlyNumber: Scalar = { name: 'a number', kinds: ['number'], problem: nothing };
export const onlyWhole: Scalar = { ...whole(), kinds: ['number'] };

/** Text of a form. `noun` goes into `"x" is not …`, with its article. */
export const formed = (noun: string, is: RegExp, allowed: string): Scalar => ({
  name: 'text',
  kinds: ['text'],
  problem: (value) =>
    is.test(String(value)) ? undefined : `${shown(value)} is not ${noun}; allowed: ${allowed}`,
});

/** The same, where a number will do as well. */
export const formedOrNumber = (noun: string, is: RegExp, allowed: string): Scalar => ({
  ...formed(noun, is, allowed),
  name: `${allowed}`,
  kinds: ['number', 'text'],
});

/** One of some words; `also` are taken by Compose, but not told. */
export const oneOf = (noun: string, words: readonly string[], also: readonly string[] = []): Scalar => ({
  name: words.join(', '),
  kinds: ['text'],
  problem: (value) =>
    words.includes(String(value)) || also.includes(String(value))
      ? undefined
      : `${shown(value)} is not ${noun}; allowed: ${words.join(', ')}${didYouMean(String(value), words)}`,
});

/** Both at the specification's 11-extension.md; days and weeks are taken by Compose's own parser. */
const durationForm = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w))+)$/;
const bytesForm = /^(?:-?\d+|\d+(?:\.\d+)? ?(?:[kmgtp]i?)?b?)$/i;

export const duration: Scalar = {
  ...formed('a duration', durationForm, 'numbers with us, ms, s, m or h, such as 1m30s'),
  name: 'a duration, such as 1m30s',
};

const bytesAllowed = 'a number with b, k, m or g, such as 512m';
export const bytes: Scalar = {
  ...formed('a number of bytes', bytesForm, bytesAllowed),
  name: bytesAllowed,
  kinds: ['number', 'text'],
};
/** Where Compose takes text only. */
export const bytesText: Scalar = { ...bytes, kinds: ['text'] };

/** Microseconds or a duration. */
export const microseconds: Scalar = {
  ...formed(
    'a time',
    new RegExp(`^\\d+$|${durationForm.source}`),
    'microseconds or a duration, such as 400ms',
  ),
  name: 'microseconds or a duration',
  kinds: ['number', 'text'],
};

/** Permissions of a file, in octal digits. */
export const fileMode: Scalar = {
  name: 'octal permissions, such as 0440',
  kinds: ['number', 'text'],
  problem: (value) => {
    const isGood =
      typeof value === 'number' ? value >= 0 && value <= 0o7777 : /^(?:0o)?[0-7]{1,5}$/.test(String(value));
    return isGood ? undefined : `${shown(value)} is not a file mode; allowed: octal digits, such as 0440`;
  },
};

import { quoted } from '../config/problems.ts';
import { didYouMean } from '../config/suggest.ts';
import { parseDuration } from '../config/values/duration.ts';
import { UsageError } from '../platform/errors.ts';

/** One kind of input: how its text becomes a value. */
export interface InputKind<T> {
  /** What may stand there, for messages: `a duration such as 500ms, 30s or 10m`. */
  readonly allowed: string;
  /** Words that may stand there, where there is a fixed list. */
  readonly words?: readonly string[];
  /** The value when nothing is given. */
  readonly fallback: T;
  /** Undefined: the text is not of this kind. Never called with an empty text. */
  read(text: string): T | undefined;
}

/** What comes out of reading a set of inputs. */
export type Inputs<S> = Readonly<{ [K in keyof S]: S[K] extends InputKind<infer T> ? T : never }>;

/** Any text; empty means undefined. */
export const text: InputKind<string | undefined> = {
  allowed: 'any text',
  fallback: undefined,
  read: (given) => given,
};

/** Any text, with a default. */
export const textOr = (fallback: string): InputKind<string> => ({
  allowed: 'any text',
  fallback,
  read: (given) => given,
});

/** One of some words. */
export const oneOf = <const W extends string>(words: readonly W[], fallback: W): InputKind<W> => ({
  allowed: `one of ${words.join(', ')}`,
  words,
  fallback,
  read: (given) => words.find((word) => word === given),
});

const booleans: Readonly<Record<string, 'yes' | 'no'>> = {
  true: 'yes',
  True: 'yes',
  TRUE: 'yes',
  false: 'no',
  False: 'no',
  FALSE: 'no',
};

/** A boolean of the YAML 1.2 core schema, and nothing else. */
export const trueOrFalse = (fallback: 'yes' | 'no'): InputKind<'yes' | 'no'> => ({
  allowed: 'true or false',
  fallback,
  read: (given) => (Object.hasOwn(booleans, given) ? booleans[given] : undefined),
});

/** Milliseconds, written as in cutover.yml: `30s`. */
export const duration: InputKind<number | undefined> = {
  allowed: 'a duration such as 500ms, 30s or 10m',
  fallback: undefined,
  read: (given) => parseDuration(given),
};

/** Why a text is not of a kind, in one sentence: `"aply" is not one of apply, plan, did you mean "apply"?`. */
export function refusal(given: string, kind: InputKind<unknown>): string {
  return `${quoted(given)} is not ${kind.allowed}${didYouMean(given, kind.words ?? [])}`;
}

/** Inputs that cannot be used; `problems` has one line for each. */
export class InvalidInputs extends UsageError {
  override readonly name = 'InvalidInputs';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options: { next?: string; docs?: string } = {}) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}

/**
 * Reads all inputs at once into a frozen object. `get` gives the text of an input, `''` when nothing is given.
 * @throws InvalidInputs with every problem there is
 */
export function readInputs<S extends Record<string, InputKind<unknown>>>(
  kinds: S,
  get: (name: string) => string,
): Inputs<S> {
  const problems: string[] = [];
  const values = Object.entries(kinds).map(([name, kind]) => {
    const given = get(name).trim();
    if (given === '') return [name, kind.fallback];
    const value = kind.read(given);
    if (value === undefined) problems.push(`inputs/${name}: ${refusal(given, kind)}`);
    return [name, value];
  });
  if (problems.length > 0) throw new InvalidInputs(problems, { docs: 'docs/actions.md' });
  return Object.freeze(Object.fromEntries(values));
}

import * as v from 'valibot';
import { didYouMean } from '../suggest.ts';
import { encodeFinding, type Finding } from './finding.ts';

/** A value as YAML gives it, after substitution. */
export type Scalar = string | number | boolean;

/** Part of a JSON schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The name of the shared JSON schema for a value that is filled in when the file is read. */
export const variableDefinition = 'variable';

export interface LeafSpec<T> {
  /** Shown by editors. */
  description: string;
  /** What the value is, with its article: `a whole number`. */
  noun: string;
  /** What may stand there: `a whole number from 0 to 65535`. */
  allowed: string;
  /** The typed value; undefined where `given` is not one. */
  parse: (given: Scalar) => T | undefined;
  /** A better message than `… is not a …` for a value that `parse` refuses; `{given}` stands for the value. */
  explain?: (given: Scalar) => string | undefined;
  /** The value as it is written, for editors. */
  json: JsonSchema;
  examples?: readonly Scalar[];
}

/** What may stand where a schema stands, for a problem about a missing value. */
const expectations = new WeakMap<object, string>();

export function expectationOf(schema: object): string | undefined {
  return expectations.get(schema);
}

export function expecting<S extends object>(schema: S, allowed: string): S {
  expectations.set(schema, allowed);
  return schema;
}

/** The schema of one scalar: says what is allowed, parses to a typed value, describes itself to editors. */
export function leaf<T>(spec: LeafSpec<T>): v.GenericSchema<Scalar, T> {
  const { description, allowed, json, examples } = spec;
  const schema = v.pipe(
    v.unknown(),
    v.metadata({ description, ...withVariable(json), ...(examples ? { examples: [...examples] } : {}) }),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const given = dataset.value;
      const value = isScalar(given) ? spec.parse(given) : undefined;
      if (value !== undefined) return value;
      addIssue({ message: encodeFinding({ message: refusal(given, spec), allowed }) });
      return NEVER;
    }),
  );
  return expecting(schema as v.GenericSchema<unknown, T> as v.GenericSchema<Scalar, T>, allowed);
}

function refusal<T>(given: unknown, { noun, explain }: LeafSpec<T>): string {
  if (given === null) return 'is empty';
  const explained = isScalar(given) ? explain?.(given) : undefined;
  return explained ?? `{given} is not ${noun}`;
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Any value may be `${env.NAME}`, which editors cannot know. */
function withVariable(json: JsonSchema): JsonSchema {
  const anyText =
    json['type'] !== undefined && !('pattern' in json) && [json['type']].flat().includes('string');
  return anyText ? json : { anyOf: [json, { $ref: `#/$defs/${variableDefinition}` }] };
}

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;

/** The keys of a section as the code sees them: camelCase, and present even where the value is undefined. */
export type SectionOutput<E extends v.ObjectEntries> = {
  [K in keyof E & string as Camel<K>]: v.InferOutput<E[K]>;
};

function camel(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * A mapping with known keys. Every unknown key is a problem of its own (valibot's strictObject stops at the first and
 * takes `toString` for known), and one that only a later version knows says so.
 */
export function section<const E extends v.ObjectEntries>(
  description: string,
  entries: E,
  /** Keys that the design has and this version does not. */
  planned: readonly string[] = [],
): v.GenericSchema<object, SectionOutput<E>> {
  const keys = Object.keys(entries);
  const allowed = `a mapping with ${keys.join(', ')}`;
  const shape = v.looseObject(entries, (issue) => {
    const missing = keys.find((key) => issue.expected === `"${key}"`);
    const entry = missing === undefined ? undefined : entries[missing];
    return encodeFinding(
      entry ? { message: 'is missing', allowed: expectationOf(entry) } : not('a mapping', issue, allowed),
    );
  });
  const schema = v.pipe(
    mappingOnly(shape),
    v.metadata({ description, additionalProperties: false }),
    v.rawCheck(({ dataset, addIssue }) => {
      for (const { key, finding } of strangers(dataset.value, keys, planned)) {
        const item = { type: 'object', origin: 'key', input: {}, key, value: undefined } as const;
        addIssue({ input: undefined, message: encodeFinding(finding), path: [item] });
      }
    }),
    v.transform((value) => camelized(value, keys)),
  );
  return expecting(schema as v.GenericSchema as v.GenericSchema<object, SectionOutput<E>>, allowed);
}

function camelized(value: object, keys: readonly string[]): object {
  const values = new Map(Object.entries(value));
  return Object.fromEntries(keys.map((key) => [camel(key), values.get(key)]));
}

function strangers(value: unknown, keys: readonly string[], planned: readonly string[]) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value)
    .filter((key) => !keys.includes(key))
    .map((key): { key: string; finding: Finding } => {
      if (planned.includes(key)) return { key, finding: { message: 'is not available in this version' } };
      const message = `is not a known key${didYouMean(key, keys)}`;
      return { key, finding: { message, allowed: keys.join(', ') } };
    });
}

export interface KeySpec {
  /** `a component name` */
  noun: string;
  allowed: string;
  pattern: string;
  /** A message for a key that fits the pattern and still cannot be used. */
  refuse?: (key: string) => string | undefined;
  /** What there must be at least one of: `component`. */
  atLeastOne?: string;
}

/** A mapping whose keys the user chooses. */
export function mapping<T>(
  description: string,
  key: KeySpec,
  value:
    | v.GenericSchema<never, T>
    | v.GenericSchema<object, T>
    | v.GenericSchema<Scalar, T>
    | v.GenericSchema<Scalar | object, T>,
): v.GenericSchema<object, Readonly<Record<string, T>>> {
  const { noun, allowed, atLeastOne } = key;
  const expectation = `a mapping from ${noun} to its value`;
  const pattern = new RegExp(key.pattern);
  const keySchema = v.pipe(
    v.string(),
    v.metadata({ pattern: key.pattern }),
    v.rawCheck(({ dataset, addIssue }) => {
      const text = String(dataset.value);
      const message = pattern.test(text) ? key.refuse?.(text) : `{given} is not ${noun}`;
      if (message !== undefined) addIssue({ message: encodeFinding({ message, allowed }) });
    }),
  );
  const schema = v.pipe(
    mappingOnly(
      v.record(keySchema, value as v.GenericSchema<unknown, T>, (issue) =>
        encodeFinding(not('a mapping', issue, expectation)),
      ),
    ),
    v.metadata({ description, ...(atLeastOne ? { minProperties: 1 } : {}) }),
    v.rawCheck(({ dataset, addIssue }) => {
      if (atLeastOne === undefined || !dataset.typed || Object.keys(dataset.value).length > 0) return;
      addIssue({
        message: encodeFinding({ message: `has no ${atLeastOne}`, allowed: `at least one ${atLeastOne}` }),
      });
    }),
  );
  return expecting(
    schema as v.GenericSchema as v.GenericSchema<object, Readonly<Record<string, T>>>,
    expectation,
  );
}

/** A list of scalars, of which there must be one. */
export function listOf<T>(
  description: string,
  allowed: string,
  item: v.GenericSchema<Scalar, T>,
): v.GenericSchema<readonly Scalar[], readonly [T, ...T[]]> {
  const schema = v.pipe(
    v.array(item, (issue) => encodeFinding(not('a list', issue, allowed))),
    v.metadata({ description, minItems: 1 }),
    v.rawTransform<T[], readonly [T, ...T[]]>(({ dataset, addIssue, NEVER }) => {
      const [first, ...rest] = dataset.value;
      if (first !== undefined) return [first, ...rest];
      addIssue({ message: encodeFinding({ message: 'is an empty list', allowed }) });
      return NEVER;
    }),
  );
  return expecting(
    schema as v.GenericSchema as v.GenericSchema<readonly Scalar[], readonly [T, ...T[]]>,
    allowed,
  );
}

function not(noun: string, { input }: { input: unknown }, allowed: string): Finding {
  return { message: input === null ? 'is empty' : `{given} is not ${noun}`, allowed };
}

/** Valibot takes a list for an object with the keys 0, 1 …; here it is refused like any other wrong type. */
function mappingOnly<S extends v.GenericSchema>(schema: S): S {
  const run: S['~run'] = (dataset, config) =>
    schema['~run'](Array.isArray(dataset.value) ? { value: undefined } : dataset, config);
  return { ...schema, '~run': run };
}

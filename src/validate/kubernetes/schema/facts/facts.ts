import { didYouMean } from '../../../../config/suggest.ts';
import type { Severity } from '../../../finding.ts';
import { atLeast, type Check, labelValue, port, qualifiedName } from '../formats.ts';
import type { Fault } from '../problem.ts';

export type Mapping = Readonly<Record<string, unknown>>;

/** No two items of a list may have the same values of these fields. */
export interface UniqueBy {
  readonly fields: readonly string[];
  /** What a field that is left out means. */
  readonly defaults?: Readonly<Record<string, string>>;
  readonly severity?: Severity;
}

/** What a class description does not tell about one field. Checks are of scalars, also those in lists and maps. */
export interface FieldFacts {
  readonly required?: true;
  readonly check?: Check;
  /** Of the keys of a map. */
  readonly keyCheck?: Check;
  readonly quantity?: true;
  readonly unique?: readonly UniqueBy[];
  /** A list that has to have an item. */
  readonly filled?: true;
  /** In place of the generated type, in its notation. */
  readonly type?: string;
}

/** What a class description does not tell about a type. */
export interface TypeFacts {
  readonly fields?: Readonly<Record<string, FieldFacts>>;
  /** Of these fields one has to be there, and only one. */
  readonly exactlyOne?: readonly string[];
  readonly atMostOne?: readonly string[];
  readonly atLeastOne?: readonly string[];
  /** What depends on several fields. Values may be anything. */
  readonly also?: (value: Mapping) => readonly Fault[];
}

export type Facts = Readonly<Record<string, TypeFacts>>;

export const required: FieldFacts = { required: true };
export const filled: FieldFacts = { required: true, filled: true };
export const quantity: FieldFacts = { quantity: true };
export const labels: FieldFacts = { keyCheck: qualifiedName, check: labelValue };
export const portNumber: FieldFacts = { check: port };
export const protocol: FieldFacts = oneOf('TCP', 'UDP', 'SCTP');
export const notNegative: FieldFacts = { check: atLeast(0) };
export const positive: FieldFacts = { check: atLeast(1) };

export const must = (facts: FieldFacts): FieldFacts => ({ ...facts, required: true });

export function oneOf(...values: readonly string[]): FieldFacts {
  return {
    check: (value) => {
      if (values.includes(String(value))) return undefined;
      const guess = didYouMean(String(value), values);
      const allowed = values.map((text) => (text === '' ? '""' : text)).join(', ');
      return `${JSON.stringify(value)} is not one of ${allowed}${guess}`;
    },
  };
}

export const uniqueBy = (...fields: readonly string[]): FieldFacts => ({ unique: [{ fields }] });

/** Accepted by the server with a warning; the later one wins, or a patch loses one of them. */
export const distinctBy = (...fields: readonly string[]): FieldFacts => ({
  unique: [{ fields, severity: 'warning' }],
});

/** A fault of the rule `schema`, at a path below the value. */
export const fault = (message: string, ...path: (string | number)[]): Fault => ({
  rule: 'schema',
  message,
  path,
});

/** The path's last part is a field that may not be there together with another one. */
export const clash = (message: string, ...path: (string | number)[]): Fault => ({
  rule: 'exclusive-fields',
  message,
  path,
  part: 'key',
});

export const quantityFaultAt = (message: string, ...path: (string | number)[]): Fault => ({
  rule: 'quantity',
  message,
  path,
});

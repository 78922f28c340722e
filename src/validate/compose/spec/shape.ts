import type { Scalar } from './scalars.ts';

/**
 * What a value may be: any of the forms that are given. A value of one form is checked by that form alone, so that
 * `text or a list of texts` is one shape with two forms.
 */
export interface Shape {
  readonly scalar?: Scalar;
  readonly list?: { readonly of: Shape; readonly isSet: boolean };
  readonly mapping?: Mapped;
}

/** A mapping with known keys, or with names of one's own that all lead to the same shape. */
export interface Mapped {
  /** How it is called: `a service`. */
  readonly what: string;
  readonly keys?: Readonly<Record<string, Shape>>;
  readonly names?: { readonly are: RegExp; readonly allowed: string; readonly lead: Shape };
  /** Whether keys that begin with `x-` may stand beside the known ones. */
  readonly isExtensible: boolean;
  /** Keys that must be there, once everything that is merged into it is. */
  readonly required: readonly string[];
  /** Of each of these at most one may be there. */
  readonly exclusive: readonly (readonly string[])[];
  /** The key that brings in the keys of another mapping, so that required ones may be missing here. */
  readonly inherits?: string;
}

type Keys = Readonly<Record<string, Shape>>;
type More = Partial<Pick<Mapped, 'required' | 'exclusive' | 'isExtensible' | 'inherits'>>;

export const of = (scalar: Scalar): Shape => ({ scalar });

export const list = (items: Shape): Shape => ({ list: { of: items, isSet: false } });

/** A list that holds nothing twice. Lists that Compose itself rids of repetitions are none. */
export const set = (items: Shape): Shape => ({ list: { of: items, isSet: true } });

export const keys = (what: string, known: Keys, more: More = {}): Shape => ({
  mapping: { what, keys: known, isExtensible: true, required: [], exclusive: [], ...more },
});

/** A mapping of names of one's own. */
export const named = (what: string, lead: Shape, are = /^/, allowed = 'any text'): Shape => ({
  mapping: { what, names: { are, allowed, lead }, isExtensible: false, required: [], exclusive: [] },
});

/** Any of the forms of the shapes; each form may come from one of them only. */
export const either = (...shapes: readonly Shape[]): Shape => Object.assign({}, ...shapes);

/** Whatever somebody writes there. */
export const anything: Shape = {};

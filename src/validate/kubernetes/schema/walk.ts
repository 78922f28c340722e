import { didYouMean } from '../../../config/suggest.ts';
import { mappingOf } from '../../document.ts';
import type { Mapping, UniqueBy } from './facts/facts.ts';
import { holdsPlaceholder, placeholderReason } from './placeholder.ts';
import type { Fault, Found } from './problem.ts';
import { quantityFault } from './quantity.ts';
import { described, scalarFault } from './scalars.ts';
import { type Field, type Scalar, type Shape, shapeOf, type Type } from './shapes.ts';

type Steps = (string | number)[];

/** Guessing takes far longer than finding; a file of nothing but unknown fields gets no more guesses than this. */
export const mostGuesses = 200;

/** No manifest nests like this; a schema inside of a definition could, and must not exhaust the stack. */
const deepest = 500;

export interface WalkOptions {
  /** Minor version of the cluster. */
  readonly minor: number;
  readonly found: Found;
  /** Told why a value is left out. */
  readonly leave: (reason: string) => void;
}

/** A field or value, and the minor version of Kubernetes that brought it. */
interface Dated {
  what: string;
  since: number | undefined;
  part: 'key' | 'value';
}

/** Checks a value against a generated type. Faults hold whole paths, from the value's root. */
export function checkType(value: unknown, type: string, options: WalkOptions): void {
  new Walk(options).object(value, type, []);
}

class Walk {
  readonly #options: WalkOptions;
  #unknownFields = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  object(value: unknown, type: string, path: Steps): void {
    if (path.length > deepest) {
      this.#options.leave(`what is nested deeper than ${deepest} levels was not checked`);
      return;
    }
    const mapping = mappingOf(value);
    if (!mapping) {
      this.#wrong(path, `is ${described(value)}, it takes a mapping`);
      return;
    }
    const shape = shapeOf(type);
    for (const key of Object.keys(mapping)) {
      const field = shape.fields.get(key);
      if (!field) this.#unknown(shape, key, path);
      else this.#field(field, mapping[key], path);
    }
    for (const key of shape.required) {
      if (mapping[key] === undefined || mapping[key] === null) this.#missing(path, `${key} is required`);
    }
    if (shape.facts) this.#together(shape, mapping, path);
  }

  #field(field: Field, value: unknown, path: Steps): void {
    // An empty value is a missing one to the API server.
    if (value === undefined || value === null) return;
    path.push(field.name);
    this.#dated({ what: field.name, since: field.since, part: 'key' }, path);
    this.#value(field, field.type, value, path);
    path.pop();
  }

  #dated({ what, since, part }: Dated, path: Steps): void {
    if (since === undefined || since <= this.#options.minor) return;
    const message = `${what} is known since Kubernetes 1.${since}, the cluster has 1.${this.#options.minor}`;
    this.#tell({ rule: 'newer-than-cluster', message, part }, path);
  }

  #value(field: Field, type: Type, value: unknown, path: Steps): void {
    if (type.is === 'list') this.#list(field, type.of, value, path);
    else if (type.is === 'map') this.#map(field, type.of, value, path);
    else if (type.is === 'object') this.object(value, type.name, path);
    else this.#scalar(field, type.is, value, path);
  }

  #list(field: Field, of: Type, value: unknown, path: Steps): void {
    if (!Array.isArray(value)) {
      this.#wrong(path, `is ${described(value)}, it takes a list`);
      return;
    }
    if (field.facts?.filled && value.length === 0) this.#wrong(path, 'is an empty list, it needs an item');
    for (const [index, item] of value.entries()) {
      path.push(index);
      if (item === null || item === undefined) this.#wrong(path, 'is empty');
      else this.#value(field, of, item, path);
      path.pop();
    }
    for (const unique of field.facts?.unique ?? []) this.#duplicates(unique, value, path);
  }

  #map(field: Field, of: Type, value: unknown, path: Steps): void {
    const mapping = mappingOf(value);
    if (!mapping) {
      this.#wrong(path, `is ${described(value)}, it takes a mapping`);
      return;
    }
    for (const key of Object.keys(mapping)) {
      path.push(key);
      const message = field.facts?.keyCheck?.(key);
      if (message !== undefined && !this.#open(key))
        this.#tell({ rule: 'schema', message, part: 'key' }, path);
      const item = mapping[key];
      if (item !== null && item !== undefined) this.#value(field, of, item, path);
      path.pop();
    }
  }

  #scalar(field: Field, type: Scalar, value: unknown, path: Steps): void {
    if (field.facts?.quantity) {
      this.#quantity(value, path);
      return;
    }
    const wrong = scalarFault(type, value);
    if (wrong !== undefined) {
      if (!this.#open(value)) this.#wrong(path, wrong);
      return;
    }
    if (typeof value !== 'string' && typeof value !== 'number') return;
    const since = field.newer?.get(String(value));
    this.#dated({ what: `${field.name} ${value}`, since, part: 'value' }, path);
    const message = field.facts?.check?.(value);
    if (message !== undefined && !this.#open(value)) this.#wrong(path, message);
  }

  #quantity(value: unknown, path: Steps): void {
    const message =
      typeof value === 'string' || typeof value === 'number'
        ? quantityFault(value)
        : `is ${described(value)}, it takes a quantity`;
    if (message !== undefined && !this.#open(value)) this.#tell({ rule: 'quantity', message }, path);
  }

  #duplicates({ fields, defaults, severity }: UniqueBy, items: readonly unknown[], path: Steps): void {
    const seen = new Map<string, number>();
    for (const [index, item] of items.entries()) {
      const mapping = mappingOf(item);
      const values = fields.map((name) => mapping?.[name] ?? defaults?.[name]);
      if (values.some((part) => part === undefined || part === '' || typeof part === 'object')) continue;
      const key = values.join('/');
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, index);
        continue;
      }
      const at = [index, ...fields.slice(0, 1)];
      const message = `${fields.join(' and ')} ${key} ${fields.length > 1 ? 'are' : 'is'} the same as in item ${first}`;
      this.#tell({ rule: 'duplicate-item', message, path: at, ...(severity && { severity }) }, path);
    }
  }

  #together({ facts }: Shape, mapping: Mapping, path: Steps): void {
    // In the order of the file, so that the later one is told.
    const there = Object.keys(mapping).filter((key) => mapping[key] !== undefined && mapping[key] !== null);
    const given = (names: readonly string[]) => there.filter((key) => names.includes(key));
    const choice = facts?.exactlyOne ?? facts?.atMostOne ?? [];
    const chosen = given(choice);
    for (const name of chosen.slice(1)) {
      const message = `${name} does not go with ${chosen[0]}, only one of them is allowed`;
      this.#tell({ rule: 'exclusive-fields', message, path: [name], part: 'key' }, path);
    }
    const wanted = facts?.exactlyOne ?? facts?.atLeastOne;
    if (wanted && given(wanted).length === 0) this.#choice(wanted, path);
    for (const fault of facts?.also?.(mapping) ?? []) this.#tell(fault, path);
  }

  #choice(wanted: readonly string[], path: Steps): void {
    const shown = wanted.length > 6 ? [...wanted.slice(0, 5), '…'] : wanted;
    const message = `one of ${shown.join(', ')} is required`;
    this.#tell({ rule: 'exclusive-fields', message, part: 'key' }, path);
  }

  #unknown(shape: Shape, key: string, path: Steps): void {
    this.#unknownFields += 1;
    const hint = this.#unknownFields > mostGuesses ? '' : hintFor(shape, key);
    const message = `"${key}" is not a field of ${shape.title}${hint}`;
    this.#tell({ rule: 'unknown-field', message, path: [key], part: 'key' }, path);
  }

  #wrong(path: Steps, message: string): void {
    this.#tell({ rule: 'schema', message }, path);
  }

  #missing(path: Steps, message: string): void {
    this.#tell({ rule: 'schema', message, part: 'key' }, path);
  }

  #tell(fault: Fault, path: Steps): void {
    this.#options.found({ ...fault, path: [...path, ...(fault.path ?? [])] });
  }

  #open(value: unknown): boolean {
    if (!holdsPlaceholder(value)) return false;
    this.#options.leave(placeholderReason);
    return true;
  }
}

/** What is misspelled in one manifest often is in many; the search for a near name is the dear part. */
const hints = new WeakMap<Shape, Map<string, string>>();
const mostHints = 1_000;

function hintFor(shape: Shape, key: string): string {
  const known = hints.get(shape) ?? new Map<string, string>();
  hints.set(shape, known);
  const hint = known.get(key) ?? searchHint(shape, key);
  if (known.size < mostHints) known.set(key, hint);
  return hint;
}

/** A field of a near name, or the place one level down where a field of that name belongs. */
function searchHint(shape: Shape, key: string): string {
  const names = [...shape.fields.keys()];
  const near = didYouMean(key, names);
  if (near !== '') return near;
  for (const field of shape.fields.values()) {
    const inner = field.type.is === 'list' ? field.type.of : field.type;
    if (inner.is === 'object' && shapeOf(inner.name).fields.has(key)) {
      return `; it belongs into ${field.name}${field.type.is === 'list' ? '[]' : ''}`;
    }
  }
  return '';
}

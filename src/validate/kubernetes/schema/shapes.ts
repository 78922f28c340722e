import type { FieldFacts, TypeFacts } from './facts/facts.ts';
import { facts } from './facts/index.ts';
import { additionsOf, valuesOf } from './since.ts';
import { typeLines } from './types.generated.ts';

/** What may stand somewhere. */
export type Type =
  | { readonly is: Scalar }
  | { readonly is: 'list'; readonly of: Type }
  | { readonly is: 'map'; readonly of: Type }
  | { readonly is: 'object'; readonly name: string };

export type Scalar =
  | 'string'
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'number'
  | 'int-or-string'
  | 'time'
  | 'base64'
  | 'anything';

export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly facts: FieldFacts | undefined;
  /** Minor version of Kubernetes that brought it; undefined: not younger than 1.20. */
  readonly since: number | undefined;
  /** The same of values that came later than the field; undefined: none did. */
  readonly newer: ReadonlyMap<string, number> | undefined;
}

export interface Shape {
  /** Without the version: `Container`. */
  readonly title: string;
  readonly fields: ReadonlyMap<string, Field>;
  readonly required: readonly string[];
  readonly facts: TypeFacts | undefined;
}

const scalars: Readonly<Record<string, Scalar>> = {
  s: 'string',
  b: 'boolean',
  i: 'int32',
  l: 'int64',
  n: 'number',
  x: 'int-or-string',
  t: 'time',
  y: 'base64',
  a: 'anything',
};

let lines: ReadonlyMap<string, string> | undefined;
const shapes = new Map<string, Shape>();

/** Fields of each type as one line of text, by name; a type is only taken apart once a manifest needs it. */
export function fieldLines(): ReadonlyMap<string, string> {
  lines ??= new Map(
    typeLines
      .trim()
      .split('\n')
      .map((line) => {
        const blank = line.indexOf(' ');
        return [line.slice(0, blank), line.slice(blank + 1)] as const;
      }),
  );
  return lines;
}

/** The shape of a generated type. Throws on a name that does not exist, which is a bug. */
export function shapeOf(name: string): Shape {
  const known = shapes.get(name);
  if (known) return known;
  const shape = readShape(name);
  shapes.set(name, shape);
  return shape;
}

function readShape(name: string): Shape {
  const line = fieldLines().get(name);
  if (line === undefined) throw new Error(`no type ${name}`);
  const typeFacts = Object.hasOwn(facts, name) ? facts[name] : undefined;
  const added = additionsOf(name);
  const required: string[] = [];
  const fields = new Map<string, Field>();
  for (const entry of line === '' ? [] : line.split(' ')) {
    const equals = entry.indexOf('=');
    const marked = entry[equals - 1] === '!';
    const field = entry.slice(0, marked ? equals - 1 : equals);
    const fieldFacts = typeFacts?.fields?.[field];
    if (marked || fieldFacts?.required) required.push(field);
    const type = typeOf(fieldFacts?.type ?? entry.slice(equals + 1));
    const since = added?.get(field);
    fields.set(field, { name: field, type, facts: fieldFacts, since, newer: valuesOf(name, field) });
  }
  return {
    title: name.replace(/^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?/, ''),
    fields,
    required,
    facts: typeFacts,
  };
}

function typeOf(code: string): Type {
  if (code.startsWith('*')) return { is: 'list', of: typeOf(code.slice(1)) };
  if (code.startsWith('%')) return { is: 'map', of: typeOf(code.slice(1)) };
  const scalar = scalars[code];
  return scalar ? { is: scalar } : { is: 'object', name: code };
}

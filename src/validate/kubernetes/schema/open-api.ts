import { didYouMean } from '../../../config/suggest.ts';
import { listOf, mappingOf, textOf } from '../../document.ts';
import { base64, dnsSubdomain, ipAddress, time } from './formats.ts';
import { matches } from './pattern.ts';
import { holdsPlaceholder, placeholderReason } from './placeholder.ts';
import type { Fault, Found } from './problem.ts';
import { described } from './scalars.ts';
import { mostGuesses } from './walk.ts';

/**
 * Values against the structural schemas of custom resource definitions: the part of OpenAPI v3 that
 * "Specifying a structural schema" in the Kubernetes documentation allows, with its x-kubernetes extensions. CEL rules
 * (x-kubernetes-validations) are not evaluated.
 */

type Schema = Readonly<Record<string, unknown>>;
type Steps = (string | number)[];

export interface OpenApiOptions {
  readonly found: Found;
  /** Told why a value is left out. */
  readonly leave: (reason: string) => void;
}

/** Deep enough for every real schema; a schema that nests further is not followed. */
const deepest = 64;

/** Fields that every object has, whatever its schema says. */
const ownFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Checks a custom resource; faults hold paths from its root. */
export function checkCustom(value: Schema, schema: Schema, options: OpenApiOptions): void {
  const known = mappingOf(schema['properties']) ?? {};
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const walk = new OpenApiWalk(options);
  for (const key of Object.keys(value)) {
    // Metadata is checked as that of every object; the status is the controller's to write.
    if (ownFields.has(key) || key === 'status') continue;
    const property = Object.hasOwn(known, key) ? mappingOf(known[key]) : undefined;
    if (property) walk.value(value[key], property, [key]);
    else if (!open) walk.unknown(key, Object.keys(known), []);
  }
  walk.required(value, schema, []);
  walk.choices(value, schema, []);
}

class OpenApiWalk {
  readonly #options: OpenApiOptions;
  #unknownFields = 0;

  constructor(options: OpenApiOptions) {
    this.#options = options;
  }

  value(value: unknown, schema: Schema, path: Steps): void {
    if (path.length > deepest) return;
    if (holdsPlaceholder(value)) this.#later(value, schema, path);
    else this.#now(value, schema, path);
  }

  /** A text with a placeholder that does not fit may fit once it is filled in. */
  #later(value: unknown, schema: Schema, path: Steps): void {
    const leave = () => this.#options.leave(placeholderReason);
    new OpenApiWalk({ found: leave, leave }).#now(value, schema, path);
  }

  #now(value: unknown, schema: Schema, path: Steps): void {
    if (value === null || value === undefined) {
      this.#nothing(value, schema, path);
      return;
    }
    const wrong = typeFault(value, schema);
    if (wrong !== undefined) {
      this.#tell(wrong, path);
      return;
    }
    this.#enumerated(value, schema, path);
    if (typeof value === 'string') this.#text(value, schema, path);
    else if (typeof value === 'number') this.#number(value, schema, path);
    else if (Array.isArray(value)) this.#list(value, schema, path);
    else this.#object(mappingOf(value) ?? {}, schema, path);
    this.choices(value, schema, path);
  }

  unknown(key: string, names: readonly string[], path: Steps): void {
    this.#unknownFields += 1;
    const hint = this.#unknownFields > mostGuesses ? '' : didYouMean(key, names);
    const message = `"${key}" is not a field of this kind${hint}`;
    this.#options.found({ rule: 'custom-resource', message, path: [...path, key], part: 'key' });
  }

  required(value: Schema, schema: Schema, path: Steps): void {
    for (const key of listOf(schema['required'])) {
      // A value that is filled in by default may be left out.
      const property = mappingOf(mappingOf(schema['properties'])?.[String(key)]);
      if (ownFields.has(String(key)) && path.length === 0) continue;
      if (!Object.hasOwn(value, String(key)) && property?.['default'] === undefined) {
        this.#tell(`${key} is required`, path, 'key');
      }
    }
  }

  /** allOf, oneOf, anyOf and not, as far as they only look at the value itself. */
  choices(given: unknown, schema: Schema, path: Steps): void {
    const value = withDefaults(given, schema);
    for (const part of listOf(schema['allOf'])) this.#all(value, part, path);
    const any = listOf(schema['anyOf']);
    // The usual form of int-or-string; its type is checked by the extension.
    if (
      any.length > 0 &&
      schema['x-kubernetes-int-or-string'] !== true &&
      !any.some((part) => this.#fits(value, part, path))
    ) {
      this.#tell(`fits none of the ${any.length} forms that are allowed${wantedOf(any)}`, path);
    }
    const one = listOf(schema['oneOf']);
    const fitting = one.filter((part) => this.#fits(value, part, path)).length;
    if (one.length > 0 && fitting !== 1) {
      const how = fitting === 0 ? 'fits none' : `fits ${fitting}`;
      this.#tell(`${how} of the ${one.length} forms of which exactly one is allowed${wantedOf(one)}`, path);
    }
    if (mappingOf(schema['not']) && this.#fits(value, schema['not'], path)) {
      this.#tell('has a form that is not allowed', path);
    }
  }

  #all(value: unknown, part: unknown, path: Steps): void {
    this.#constraints(value, part, path, this.#options.found);
  }

  #fits(value: unknown, part: unknown, path: Steps): boolean {
    let fits = true;
    this.#constraints(value, part, path, () => {
      fits = false;
    });
    return fits;
  }

  /** Inside of a junctor a schema only constrains; which fields there are is told outside of it. */
  #constraints(value: unknown, part: unknown, path: Steps, found: Found): void {
    const schema = mappingOf(part);
    if (!schema || value === undefined || value === null) return;
    const inner = new OpenApiWalk({ found, leave: this.#options.leave });
    inner.value(value, opened(schema), path);
  }

  #nothing(value: unknown, schema: Schema, path: Steps): void {
    if (value === undefined || schema['nullable'] === true || schema['default'] !== undefined) return;
    if (schema['type'] === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true) return;
    this.#tell(`is empty, it takes ${nameOf(schema)}`, path);
  }

  #object(value: Schema, schema: Schema, path: Steps): void {
    const properties = mappingOf(schema['properties']) ?? {};
    const others = schema['additionalProperties'];
    const open =
      schema['x-kubernetes-preserve-unknown-fields'] === true ||
      schema['x-kubernetes-embedded-resource'] === true ||
      others === true ||
      schema['type'] === undefined;
    for (const [key, item] of Object.entries(value)) {
      const property = Object.hasOwn(properties, key) ? mappingOf(properties[key]) : mappingOf(others);
      if (property) this.value(item, property, [...path, key]);
      else if (!open) this.unknown(key, Object.keys(properties), path);
    }
    this.required(value, schema, path);
    this.#count(Object.keys(value).length, schema, {
      path,
      least: 'minProperties',
      most: 'maxProperties',
      unit: 'fields',
    });
  }

  #list(value: readonly unknown[], schema: Schema, path: Steps): void {
    const items = mappingOf(schema['items']);
    if (items) for (const [index, item] of value.entries()) this.value(item, items, [...path, index]);
    this.#count(value.length, schema, { path, least: 'minItems', most: 'maxItems', unit: 'items' });
    const keys = listOf(schema['x-kubernetes-list-map-keys']).map(String);
    const named = schema['x-kubernetes-list-type'];
    if (named === 'map' && keys.length > 0) this.#distinct(value, keys, path);
    if (named === 'set') this.#distinct(value, [], path);
  }

  #distinct(value: readonly unknown[], keys: readonly string[], path: Steps): void {
    const seen = new Set<string>();
    for (const [index, item] of value.entries()) {
      const key = JSON.stringify(keys.length === 0 ? item : keys.map((name) => mappingOf(item)?.[name]));
      if (seen.has(key))
        this.#tell(`is the same as an earlier item${keys.length > 0 ? ` (${keys.join(', ')})` : ''}`, [
          ...path,
          index,
        ]);
      seen.add(key);
    }
  }

  #text(value: string, schema: Schema, path: Steps): void {
    this.#count([...value].length, schema, {
      path,
      least: 'minLength',
      most: 'maxLength',
      unit: 'characters',
    });
    const pattern = textOf(schema['pattern']);
    const fits = pattern === undefined ? true : matches(pattern, value);
    if (fits === undefined)
      this.#options.leave('patterns of its definition that can take long were not tried');
    if (fits === false) this.#tell(`does not match ${pattern}`, path);
    const format = textOf(schema['format']);
    const message =
      format !== undefined && Object.hasOwn(formats, format) ? formats[format]?.(value) : undefined;
    if (message !== undefined) this.#tell(message, path);
  }

  #number(value: number, schema: Schema, path: Steps): void {
    const { minimum, maximum, multipleOf } = schema;
    const [overLeast, underMost] = [schema['exclusiveMinimum'] === true, schema['exclusiveMaximum'] === true];
    if (typeof minimum === 'number' && (overLeast ? value <= minimum : value < minimum)) {
      this.#tell(`${value} is ${overLeast ? 'not more than' : 'less than'} ${minimum}`, path);
    }
    if (typeof maximum === 'number' && (underMost ? value >= maximum : value > maximum)) {
      this.#tell(`${value} is ${underMost ? 'not less than' : 'more than'} ${maximum}`, path);
    }
    if (typeof multipleOf === 'number' && multipleOf > 0 && !Number.isInteger(value / multipleOf)) {
      this.#tell(`${value} is not a multiple of ${multipleOf}`, path);
    }
  }

  #enumerated(value: unknown, schema: Schema, path: Steps): void {
    const allowed = schema['enum'];
    if (!Array.isArray(allowed)) return;
    const written = JSON.stringify(value);
    if (allowed.some((item) => JSON.stringify(item) === written)) return;
    const names = allowed.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
    const guess = typeof value === 'string' ? didYouMean(value, names) : '';
    this.#tell(`is not one of ${names.join(', ')}${guess}`, path);
  }

  #count(
    count: number,
    schema: Schema,
    { path, least, most, unit }: { path: Steps; least: string; most: string; unit: string },
  ): void {
    const [from, to] = [schema[least], schema[most]];
    if (typeof from === 'number' && count < from)
      this.#tell(`has ${count} ${unit}, at least ${from} are needed`, path);
    if (typeof to === 'number' && count > to)
      this.#tell(`has ${count} ${unit}, at most ${to} are allowed`, path);
  }

  #tell(message: string, path: Steps, part: Fault['part'] = 'value'): void {
    this.#options.found({ rule: 'custom-resource', message, path, part });
  }
}

/** The API server fills in defaults before it looks at the forms that are allowed. */
function withDefaults(value: unknown, schema: Schema): unknown {
  const mapping = mappingOf(value);
  if (!mapping) return value;
  const missing = Object.entries(mappingOf(schema['properties']) ?? {}).flatMap(([key, item]) => {
    const filled = mappingOf(item)?.['default'];
    return filled === undefined || (mapping[key] !== undefined && mapping[key] !== null)
      ? []
      : [[key, filled]];
  });
  return missing.length === 0 ? mapping : { ...mapping, ...Object.fromEntries(missing) };
}

const formats: Readonly<Record<string, (value: string) => string | undefined>> = {
  'date-time': time,
  byte: base64,
  ipv4: ipAddress,
  ipv6: ipAddress,
  hostname: (value) => dnsSubdomain(value.toLowerCase()),
};

function typeFault(value: unknown, schema: Schema): string | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) {
    const fits = typeof value === 'string' || Number.isInteger(value);
    return fits ? undefined : `is ${described(value)}, it takes a whole number or a text`;
  }
  return fitsType(value, schema['type'])
    ? undefined
    : `is ${described(value)}, it takes ${nameOf(schema)}${quotesHint(value, schema)}`;
}

function fitsType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value === type;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return mappingOf(value) !== undefined;
    default:
      return true;
  }
}

const quotesHint = (value: unknown, { type }: Schema): string =>
  type === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? ': put it in quotes' : '';

const names: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  integer: 'a whole number',
  array: 'a list',
  object: 'a mapping',
};

const nameOf = (schema: Schema): string => names[String(schema['type'])] ?? 'a value';

/** `: with path, or with prefix`, where all that the forms ask for is a field. */
function wantedOf(parts: readonly unknown[]): string {
  const wanted = parts.map((part) => listOf(mappingOf(part)?.['required']).join(' and '));
  return wanted.every((text) => text !== '') ? `: with ${wanted.join(', or with ')}` : '';
}

const openedSchemas = new WeakMap<Schema, Schema>();

/** A schema without its own list of fields: those that it does not name are allowed. */
function opened(schema: Schema, depth = 0): Schema {
  if (depth > deepest || (schema['type'] !== 'object' && schema['properties'] === undefined)) return schema;
  const known = openedSchemas.get(schema);
  if (known) return known;
  const properties = Object.entries(mappingOf(schema['properties']) ?? {}).map(
    ([key, item]) => [key, opened(mappingOf(item) ?? {}, depth + 1)] as const,
  );
  const open = {
    'x-kubernetes-preserve-unknown-fields': true,
    ...schema,
    properties: Object.fromEntries(properties),
  };
  openedSchemas.set(schema, open);
  return open;
}

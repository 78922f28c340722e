import type { Deed } from '../deed.ts';
import type { Form } from '../form.ts';
import { toolkitPath } from './path.ts';
import { pythonRegex } from './regex.ts';
import type { Tolerance } from './tolerance.ts';

const types = ['probe', 'regex', 'jsonpath', 'range'] as const;
const allowedKinds =
  'true or false, a text, a whole number, a list, or a mapping with the type probe, regex, jsonpath or range';

type ReadDeed = (activity: Form) => Deed | undefined;

/** Reads a tolerance; `readDeed` reads the activity that one of type probe is. */
export function readTolerance(form: Form, readDeed: ReadDeed): Tolerance | undefined {
  const value = typeof form.value === 'string' ? form.filled : form.value;
  if (typeof value === 'boolean' || typeof value === 'string') return { kind: 'value', value };
  if (typeof value === 'number' && Number.isInteger(value)) return { kind: 'value', value };
  if (Array.isArray(value)) return { kind: 'list', values: value };
  if (!form.isMapping) return form.refuse('cannot be a tolerance', allowedKinds);
  return readTyped(form, readDeed);
}

function readTyped(form: Form, readDeed: ReadDeed): Tolerance | undefined {
  if (!form.at('type')) return form.refuse('a tolerance that is a mapping needs a type', types.join(', '));
  const target = form.text('target');
  switch (form.choice('type', types)) {
    case 'probe': {
      const deed = readDeed(form);
      return deed && { kind: 'probe', deed };
    }
    case 'regex':
      return readRegex(form, target);
    case 'jsonpath':
      return readPath(form, target);
    case 'range':
      return readRange(form, target);
    default:
      return undefined;
  }
}

function readRegex(form: Form, target: string | undefined): Tolerance | undefined {
  const text = form.needText('pattern');
  if (text === undefined) return undefined;
  const pattern = pythonRegex(text);
  if (pattern instanceof RegExp) return { kind: 'regex', pattern, target };
  return form.at('pattern')?.refuse(`cannot be used as a regular expression: ${pattern.problem}`);
}

function readPath(form: Form, target: string | undefined): Tolerance | undefined {
  const path = form.needText('path');
  if (path === undefined) return undefined;
  const query = toolkitPath(path);
  if ('problem' in query) return form.at('path')?.refuse(`cannot be used as a JSONPath: ${query.problem}`);
  const given = isGiven(form, 'expect') ? (form.at('expect')?.filled ?? null) : undefined;
  const expect = given === undefined ? undefined : Array.isArray(given) ? given : [given];
  return { kind: 'jsonpath', path, query, target, count: form.amount('count'), expect };
}

/** Nothing (`null`) is a value to expect. */
const isGiven = ({ value }: Form, key: string): boolean =>
  typeof value === 'object' && value !== null && key in value;

function readRange(form: Form, target: string | undefined): Tolerance | undefined {
  const range = form.at('range');
  const value: unknown = range?.value;
  const [from, to] = Array.isArray(value) && value.length === 2 ? value : [];
  if (typeof from === 'number' && typeof to === 'number') return { kind: 'range', from, to, target };
  return (range ?? form).refuse('range has to be a list of two numbers', '[4, 8]');
}

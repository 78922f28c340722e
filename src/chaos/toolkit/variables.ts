import type { Platform } from '../../platform/platform.ts';
import type { Form } from './form.ts';
import type { Values } from './substitute.ts';

type Env = Platform['env'];

export interface Variables {
  values: Values;
  /** Texts that must never be shown. */
  secrets: readonly string[];
}

/**
 * `configuration` and the second level of `secrets`; where both have a name, the configuration's counts.
 * https://chaostoolkit.org/reference/api/experiment/#configuration
 */
export function variablesIn(root: Form, env: Env): Variables {
  const values = new Map<string, unknown>();
  const hidden = new Set<string>();
  for (const [key, form] of root.mapping('configuration')?.entries() ?? []) {
    values.set(key, configured(form, env));
  }
  for (const [, group] of root.mapping('secrets')?.entries() ?? []) {
    const secret = secretOf(group, env);
    for (const text of textsIn(secret)) hidden.add(text);
    if (!isMapping(secret)) continue;
    for (const [name, value] of Object.entries(secret)) if (!values.has(name)) values.set(name, value);
  }
  return { values, secrets: [...hidden] };
}

function configured(form: Form, env: Env): unknown {
  const type = form.isMapping ? form.at('type')?.value : undefined;
  if (type === 'env') return fromEnvironment(form, env);
  if (type === 'probe') {
    return form.refuse(
      'a probe in the configuration is not supported',
      'a value, or type env with key and default',
    );
  }
  return form.value;
}

function fromEnvironment(form: Form, env: Env): unknown {
  const key = form.needText('key');
  if (key === undefined) return undefined;
  const given = env(key);
  const fallback = form.at('default')?.value;
  if (given === undefined && form.isMapping && !hasDefault(form)) {
    return form.refuse(`the environment variable ${key} is not set`, 'a variable that is set, or a default');
  }
  return converted(form, given ?? fallback ?? null);
}

const hasDefault = ({ value }: Form): boolean => isMapping(value) && 'default' in value;

type Converter = (value: unknown) => unknown;

const falsehoods = ['false', '0', 'no'];

/** What `env_var_type` makes of a text; undefined: it cannot. */
const converters: Readonly<Record<string, Converter>> = {
  str: (value) => value,
  int: (value) => wholeOf(value),
  float: (value) => numberOf(value),
  bytes: (value) => value,
  bool: (value) => (typeof value === 'boolean' ? value : !falsehoods.includes(String(value).toLowerCase())),
  json: (value) => (typeof value === 'string' && value !== '' ? parsed(value) : value),
};

const aliases: Readonly<Record<string, string>> = { string: 'str', integer: 'int', number: 'float' };

function converted(form: Form, value: unknown): unknown {
  const type = form.text('env_var_type') ?? 'str';
  const convert = converters[aliases[type] ?? type];
  if (!convert) return form.refuse(`env_var_type ${type} is not known`, Object.keys(converters).join(', '));
  const result = convert(value);
  return result === undefined ? form.refuse(`the value is not of type ${type}`) : result;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function wholeOf(value: unknown): number | undefined {
  const number = numberOf(value);
  if (number === undefined) return undefined;
  return typeof value === 'string' && !Number.isInteger(number) ? undefined : Math.trunc(number);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function secretOf(form: Form, env: Env): unknown {
  if (!form.isMapping) return form.value;
  const type = form.at('type')?.value;
  if (type === 'vault') return form.refuse('secrets of a vault are not supported', 'type env with key');
  if (type !== 'env') {
    return Object.fromEntries(form.entries().map(([key, value]) => [key, secretOf(value, env)]));
  }
  const key = form.needText('key');
  const value = key === undefined ? undefined : env(key);
  return value ?? form.refuse(`the environment variable ${key ?? ''} is not set`);
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return value === undefined || value === null || typeof value === 'boolean' || value === ''
    ? []
    : [String(value)];
}

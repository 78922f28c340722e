import * as v from 'valibot';
import { didYouMean } from '../suggest.ts';
import { encodeFinding } from './finding.ts';
import { expecting, type SectionOutput, section } from './leaf.ts';

/** One of several kinds of thing that share a place in the file: its keys, beside those that all kinds have. */
export interface KindSpec {
  description: string;
  entries: v.ObjectEntries;
}

type Kinds = Readonly<Record<string, KindSpec>>;

export interface KindsSpec {
  /** What such a thing is, without its article: `check`. */
  noun: string;
  description: string;
  /** Keys that every kind has. */
  common: v.ObjectEntries;
  kinds: Kinds;
}

type Output<C extends v.ObjectEntries> = SectionOutput<C> & { kind: string };

/**
 * A mapping whose kind is told by the one key that is named like it: `{ name: healthy, http: /health, status: 200 }`.
 * Each kind's entries hold that key. The value gets the kind as `kind`, and its own keys under `spec`.
 */
export function kindByKey<C extends v.ObjectEntries>(
  spec: KindsSpec & { common: C },
): v.GenericSchema<object, Output<C> & { spec: unknown }> {
  const names = Object.keys(spec.kinds);
  return dispatch(spec, `exactly one of ${names.join(', ')}`, (value) => {
    const given = Object.keys(value);
    const found = given.filter((key) => names.includes(key));
    if (found.length === 1) return { kind: found[0] ?? '' };
    if (found.length > 1) {
      return { message: `is several ${spec.noun}s at once: ${found.join(' and ')}` };
    }
    const known = Object.keys(spec.common);
    const guess = given
      .filter((key) => !known.includes(key))
      .map((key) => didYouMean(key, names))
      .find((text) => text !== '');
    return { message: `does not say which ${spec.noun} it is${guess ?? ''}` };
  });
}

/** A mapping whose kind is told by its key `kind`: `{ kind: kill, component: gateway }`. */
export function kindByName<C extends v.ObjectEntries>(
  spec: KindsSpec & { common: C },
): v.GenericSchema<object, Output<C> & { spec: unknown }> {
  const names = Object.keys(spec.kinds);
  return dispatch(
    spec,
    `kind: one of ${names.join(', ')}`,
    (value) => {
      const kind = 'kind' in value ? value.kind : undefined;
      if (kind === undefined) return { message: `does not say which ${spec.noun} it is` };
      if (typeof kind === 'string' && Object.hasOwn(spec.kinds, kind)) return { kind };
      return {
        message: `${JSON.stringify(kind)} is not a known ${spec.noun}${didYouMean(String(kind), names)}`,
        at: 'kind',
      };
    },
    (name) => ({ kind: v.literal(name) }),
  );
}

type Told = { kind: string } | { message: string; at?: string };

function dispatch<C extends v.ObjectEntries>(
  { noun, description, common, kinds }: KindsSpec & { common: C },
  allowed: string,
  tell: (value: object) => Told,
  marker: (name: string) => v.ObjectEntries = () => ({}),
): v.GenericSchema<object, Output<C> & { spec: unknown }> {
  const names = Object.keys(kinds);
  const schemas = new Map(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      section(kind.description, { ...common, ...marker(name), ...kind.entries }),
    ]),
  );
  // The union tells editors what there is; which of them is meant, `tell` says, so that problems are about that one alone.
  const union = v.union([...schemas.values()] as unknown as [v.GenericSchema<unknown, unknown>]);
  const run: (typeof union)['~run'] = (dataset, config) => {
    const value = dataset.value;
    const told: Told =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? tell(value)
        : { message: value === null ? 'is empty' : '{given} is not a mapping' };
    if ('message' in told)
      return refused(dataset, { ...told, allowed: told.at ? names.join(', ') : `a mapping with ${allowed}` });
    const checked = schemas.get(told.kind)?.['~run'](dataset as never, config) as ReturnType<typeof run>;
    if (checked.typed)
      checked.value = split(checked.value as Record<string, unknown>, { kind: told.kind, common });
    return checked;
  };
  const schema = v.pipe({ ...union, '~run': run }, v.metadata({ description }));
  return expecting(
    schema as v.GenericSchema as v.GenericSchema<object, Output<C> & { spec: unknown }>,
    `a ${noun}: a mapping with ${allowed}`,
  );
}

function refused(
  dataset: { value: unknown },
  told: { message: string; at?: string; allowed: string },
): never {
  const { at, ...finding } = told;
  const path =
    at === undefined
      ? undefined
      : [{ type: 'object', origin: 'value', input: dataset.value, key: at, value: undefined }];
  const issue = {
    kind: 'schema',
    type: 'kind',
    input: dataset.value,
    expected: null,
    received: 'object',
    message: encodeFinding(finding),
    path,
  };
  return { typed: false, value: dataset.value, issues: [issue] } as never;
}

const camel = (key: string): string => key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Keys of all kinds stay where they are, those of this kind go under `spec`. */
function split(
  value: Record<string, unknown>,
  { kind, common }: { kind: string; common: v.ObjectEntries },
): object {
  const shared = new Set(Object.keys(common).map(camel));
  const entries = Object.entries(value).filter(([key]) => key !== 'kind');
  return {
    kind,
    ...Object.fromEntries(entries.filter(([key]) => shared.has(key))),
    spec: Object.fromEntries(entries.filter(([key]) => !shared.has(key))),
  };
}

import { didYouMean } from '../../../config/suggest.ts';
import { type Path, textOf } from '../../document.ts';
import { type Kind, kindNames, kindOf } from './kinds.ts';
import type { Plain, Scalar } from './scalars.ts';
import type { Mapped, Shape } from './shape.ts';

/** Something that a shape does not allow. */
export interface Misshapen {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
  /** Whether quotes are all that the value lacks. */
  readonly lacksQuotes?: boolean;
}

interface Place {
  readonly path: Path;
  /** How the value is called: `ports`, `ports/0`. */
  readonly label: string;
  /** Whether the value is laid over another one that may have what is missing in it. */
  readonly isPartial: boolean;
}

type Tell = (found: Misshapen) => void;

/** Everything in a value that its shape does not allow. Values with variables are only known when Compose runs. */
export function misshapen(value: unknown, shape: Shape, start: Place): readonly Misshapen[] {
  const found: Misshapen[] = [];
  check(value, shape, { place: start, tell: (one) => found.push(one) });
  return found;
}

interface Context {
  readonly place: Place;
  readonly tell: Tell;
}

function check(value: unknown, shape: Shape, context: Context): void {
  const kind = kindOf(value);
  if (kind === undefined || isReset(value) || isAnything(shape)) return;
  if (kind === 'list' && shape.list) checkItems(value as unknown[], shape.list, context);
  else if (kind === 'mapping' && shape.mapping)
    checkMapping(value as Record<string, unknown>, shape.mapping, context);
  else if (kind !== 'list' && kind !== 'mapping' && shape.scalar)
    checkScalar({ value: value as Plain, kind, scalar: shape.scalar, shape, context });
  else tellKind({ kind }, shape, context);
}

const isAnything = ({ scalar, list, mapping }: Shape): boolean => !scalar && !list && !mapping;

/** `!reset null` takes away what another file has; tags are not seen here, and of it the word is left. */
const isReset = (value: unknown): boolean => value === 'null' || value === '~';

const hasVariable = (value: unknown): boolean => typeof value === 'string' && value.includes('$');

interface ScalarTask {
  value: Plain;
  kind: Exclude<Kind, 'list' | 'mapping'>;
  scalar: Scalar;
  shape: Shape;
  context: Context;
}

function checkScalar({ value, kind, scalar, shape, context }: ScalarTask): void {
  if (hasVariable(value)) return;
  if (!scalar.kinds.includes(kind)) {
    tellKind({ kind, value }, shape, context);
    return;
  }
  const message = scalar.problem(value);
  if (message !== undefined) context.tell({ path: context.place.path, part: 'value', message });
}

/** `value` is given where quotes may be all that it lacks. */
function tellKind(
  { kind, value }: { kind: Kind; value?: Plain },
  shape: Shape,
  { place, tell }: Context,
): void {
  const forms = [shape.scalar?.name, shape.list && kindNames.list, shape.mapping && kindNames.mapping];
  const allowed = forms.filter((form) => form !== undefined).join(' or ');
  const isMended =
    value !== undefined && typeof value !== 'string' && isGoodText(String(value), shape.scalar);
  const message = `${place.label} is ${kindNames[kind]}; allowed: ${allowed}${isMended ? '; put it in quotes' : ''}`;
  tell({ path: place.path, part: 'value', message, lacksQuotes: isMended });
}

const isGoodText = (text: string, scalar: Scalar | undefined): boolean =>
  scalar?.kinds.includes('text') === true && scalar.problem(text) === undefined;

function checkItems(
  items: readonly unknown[],
  { of, isSet }: NonNullable<Shape['list']>,
  from: Context,
): void {
  const seen = new Set<unknown>();
  items.forEach((item, i) => {
    const context = within(from, i, `${from.place.label}/${i}`);
    if (isSet && textOf(item) !== undefined && !hasVariable(item) && seen.has(item)) {
      const message = `"${String(item).slice(0, 60)}" stands twice in ${from.place.label}`;
      context.tell({ path: context.place.path, part: 'value', message });
    }
    seen.add(item);
    check(item, of, context);
  });
}

function checkMapping(value: Readonly<Record<string, unknown>>, mapped: Mapped, from: Context): void {
  const { keys, names } = mapped;
  const isPartial =
    from.place.isPartial || (mapped.inherits !== undefined && Object.hasOwn(value, mapped.inherits));
  const context = { ...from, place: { ...from.place, isPartial } };
  for (const [key, inner] of Object.entries(value)) {
    // What brings in other keys has nothing brought into it.
    const outer = key === mapped.inherits ? from : context;
    if (keys && Object.hasOwn(keys, key)) check(inner, keys[key] ?? {}, within(outer, key, key));
    else if (names) checkNamed({ key, inner, names, context });
    else if (!mapped.isExtensible || !key.startsWith('x-')) tellUnknown(key, mapped, context);
  }
  if (!isPartial) tellMissing(value, mapped, context);
  tellExclusive(value, mapped, context);
}

function checkNamed(task: {
  key: string;
  inner: unknown;
  names: NonNullable<Mapped['names']>;
  context: Context;
}): void {
  const { key, inner, names, context } = task;
  const { place, tell } = context;
  if (!names.are.test(key)) {
    const message = `"${key}" is not a name; allowed: ${names.allowed}`;
    tell({ path: [...place.path, key], part: 'key', message });
  }
  check(inner, names.lead, within(context, key, `${place.label}/${key}`));
}

function tellUnknown(key: string, { what, keys }: Mapped, { place, tell }: Context): void {
  const message = `"${key}" is not a key of ${what}${didYouMean(key, Object.keys(keys ?? {}))}`;
  tell({ path: [...place.path, key], part: 'key', message });
}

function tellMissing(value: object, { what, required }: Mapped, { place, tell }: Context): void {
  for (const key of required) {
    if (Object.hasOwn(value, key)) continue;
    tell({ path: place.path, part: partOf(place.path), message: `${what} has no ${key}; it is required` });
  }
}

/** Items of lists have no key to point at. */
const partOf = (path: Path): 'key' | 'value' => (typeof path.at(-1) === 'number' ? 'value' : 'key');

function tellExclusive(
  value: Readonly<Record<string, unknown>>,
  mapped: Mapped,
  { place, tell }: Context,
): void {
  for (const group of mapped.exclusive) {
    const [first, ...others] = group.filter(
      (key) => kindOf(value[key]) !== undefined && !isReset(value[key]),
    );
    for (const key of others)
      tell({
        path: [...place.path, key],
        part: 'key',
        message: `${key} stands beside ${first}; allowed: only one of ${group.join(', ')}`,
      });
  }
}

const within = ({ place, tell }: Context, key: string | number, label: string): Context => ({
  tell,
  place: { ...place, path: [...place.path, key], label },
});

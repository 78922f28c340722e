import * as v from 'valibot';
import { trueOrFalse } from '../config/schema/fields.ts';
import { encodeFinding } from '../config/schema/finding.ts';
import { expecting, leaf, type Scalar, section } from '../config/schema/leaf.ts';
import { either } from '../config/schema/lists.ts';
import { regularExpression } from '../config/schema/regular-expression.ts';

/** What one value must be. A text may hold `${checks.…}` until the check runs, so it is understood only then. */
export type Expectation = Scalar | Demands;

export type Demands = {
  equals: Scalar | undefined;
  matches: string | undefined;
  exists: boolean | undefined;
  length: Scalar | undefined;
};

const scalar = (description: string) =>
  leaf<Scalar>({
    description,
    noun: 'a text, a number, true or false',
    allowed: 'a text, a number, true or false',
    parse: (given) => (String(given).includes('\0') ? undefined : given),
    json: { type: ['string', 'number', 'boolean'] },
  });

const demands = section('What must hold of the value.', {
  equals: v.optional(scalar('What it must be, or a bound such as >=5.')),
  matches: v.optional(
    regularExpression('Regular expression that its text must match; ^ and $ are not implied.'),
  ),
  exists: v.optional(trueOrFalse('Whether it has to be there at all.')),
  length: v.optional(
    scalar('Characters of a text or items of a list or mapping: a number, or a bound such as >=1.'),
  ),
});

const someDemand = v.pipe(
  demands,
  v.rawCheck<Demands>(({ dataset, addIssue }) => {
    if (!dataset.typed || Object.values(dataset.value).some((demand) => demand !== undefined)) return;
    addIssue({ message: encodeFinding({ message: 'demands nothing', allowed }) });
  }),
) as v.GenericSchema<object, Demands>;

const allowed = 'a value, a bound such as >=5, or a mapping with equals, matches, exists or length';

/** A value, a bound such as `>=5`, or a mapping of what must hold. */
export function expectation(description: string) {
  const isMapping = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return either<Demands, Scalar>(isMapping, expecting(someDemand, allowed), scalar(description), allowed);
}

const bound = /^(<=|>=|<|>) ?(-?\d+(?:\.\d+)?)$/;

const holdsOf: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
};

/** Purely: why a value is not what was expected, `is 3, expected >=5`; undefined: it is. */
export function objection(
  value: unknown,
  expected: Expectation,
  shown: (text: string) => string,
): string | undefined {
  if (typeof expected !== 'object') return unequal(value, expected, shown);
  const { equals, matches, exists, length } = expected;
  if (exists === false) return 'is there, expected nothing';
  if (equals !== undefined) {
    const wrong = unequal(value, equals, shown);
    if (wrong !== undefined) return wrong;
  }
  if (matches !== undefined && !new RegExp(matches, 'u').test(textOf(value))) {
    return `is ${shown(written(value))}, expected a match of ${shown(matches)}`;
  }
  if (length === undefined) return undefined;
  const wrong = unequal(lengthOf(value), length, shown);
  return wrong && `has the length ${wrong.replace(/^is /, '')}`;
}

/** Why what should be there is not: undefined where nothing was to be there. */
export function absence(expected: Expectation): string | undefined {
  return typeof expected === 'object' && expected.exists === false ? undefined : 'is missing';
}

/** A text also stands for the number, boolean or null that reads like it. */
function unequal(value: unknown, expected: Scalar, shown: (text: string) => string): string | undefined {
  const [, operator = '', limit = ''] = typeof expected === 'string' ? (bound.exec(expected) ?? []) : [];
  const isRight =
    operator === ''
      ? value === expected || (typeof expected === 'string' && textOf(value) === expected)
      : typeof value === 'number' && holdsOf[operator]?.(value, Number(limit));
  if (isRight) return undefined;
  return `is ${shown(written(value))}, expected ${shown(operator === '' ? written(expected) : String(expected))}`;
}

const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);

/** As JSON: a text has its quotes. */
const written = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

function lengthOf(value: unknown): number | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

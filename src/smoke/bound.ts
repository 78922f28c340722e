import { leaf, type Scalar } from '../config/schema/leaf.ts';
import { parseDuration } from '../config/values/duration.ts';
import { parsePercentage } from '../config/values/percentage.ts';
import { parseSize } from '../config/values/size.ts';

/** A comparison with any number, as metrics and databases hold them: negative, tiny, huge. */
export interface Bound {
  operator: keyof typeof operators;
  value: number;
  /** As it was written, with its operator, for messages: `>=1`. */
  text: string;
}

const operators = {
  '<': (measured: number, bound: number) => measured < bound,
  '<=': (measured: number, bound: number) => measured <= bound,
  '>': (measured: number, bound: number) => measured > bound,
  '>=': (measured: number, bound: number) => measured >= bound,
  '=': (measured: number, bound: number) => measured === bound,
  '!=': (measured: number, bound: number) => measured !== bound,
};

const written = /^(<=|>=|!=|<|>|=)? ?([^ ].*)$/;
const number = /^[-+]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][-+]?\d{1,3})?$/;

/** The number that a text is; undefined for any other text, an empty one too. */
export function numberIn(text: string): number | undefined {
  const value = number.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Reads `>=1`, `< 0.25`, `!=-3`, `1e6` (equal). A unit is brought to the base unit that Prometheus' metrics are in:
 * `<250ms` compares with 0.25 (seconds), `<1%` with 0.01, `<64MiB` with 67108864 (bytes). Undefined for anything else.
 */
export function parseBound(text: string): Bound | undefined {
  const [, operator = '=', right] = written.exec(text) ?? [];
  if (right === undefined || !isOperator(operator)) return undefined;
  const value = numberIn(right) ?? inBaseUnit(right);
  return value === undefined ? undefined : { operator, value, text: `${operator}${right}` };
}

function isOperator(text: string): text is Bound['operator'] {
  return Object.hasOwn(operators, text);
}

function inBaseUnit(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === undefined ? (parsePercentage(text) ?? parseSize(text)) : ms / 1000;
}

/** Whether what was measured keeps the bound. What is not a number keeps none, `!=` neither. */
export function keeps(bound: Bound, measured: number): boolean {
  return !Number.isNaN(measured) && operators[bound.operator](measured, bound.value);
}

/** A comparison as a value of cutover.yml. */
export function bound(description: string) {
  return leaf<Bound>({
    description,
    noun: 'a comparison',
    allowed:
      'a number, alone (equal) or after <, <=, >, >=, = or !=, such as >=1 or <0.25; units: 250ms, 1%, 64MiB',
    parse: (given: Scalar) => (typeof given === 'boolean' ? undefined : parseBound(String(given))),
    json: { type: ['string', 'number'] },
    examples: ['>=1', '<0.25', '<250ms'],
  });
}

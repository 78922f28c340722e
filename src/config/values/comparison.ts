import type { Comparison } from '../model.ts';
import { decimalPattern } from './decimal.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { formatPercentage, parsePercentage } from './percentage.ts';
import { formatRate, parseRate } from './rate.ts';
import { formatSize, parseSize } from './size.ts';

type Unit = Comparison['unit'];

const count = new RegExp(`^${decimalPattern}$`);
const parseCount = (text: string): number | undefined => (count.test(text) ? Number(text) : undefined);

/** How each unit is read and written; no text can be read in two of them. */
const units: Record<
  Unit,
  { parse: (text: string) => number | undefined; format: (value: number) => string }
> = {
  ms: { parse: parseDuration, format: formatDuration },
  ratio: { parse: parsePercentage, format: formatPercentage },
  rate: { parse: parseRate, format: formatRate },
  bytes: { parse: parseSize, format: formatSize },
  count: { parse: parseCount, format: String },
};
const unitNames = Object.keys(units) as Unit[];

const operators: Record<Comparison['operator'], (measured: number, bound: number) => boolean> = {
  '<': (measured, bound) => measured < bound,
  '<=': (measured, bound) => measured <= bound,
  '>': (measured, bound) => measured > bound,
  '>=': (measured, bound) => measured >= bound,
  '=': (measured, bound) => measured === bound,
};
const isOperator = (text: string): text is Comparison['operator'] => Object.hasOwn(operators, text);

const written = /^(<=|>=|<|>|=)? ?([^ ].*)$/;

/** Reads `<1%`, `< 50ms`, `>=10000/s`, `<=64MiB` or a bare value, which means equal. Undefined for anything else. */
export function parseComparison(text: string): Comparison | undefined {
  const [, operator = '=', bound] = written.exec(text) ?? [];
  if (bound === undefined || !isOperator(operator)) return undefined;
  for (const unit of unitNames) {
    const value = units[unit].parse(bound);
    if (value !== undefined) return { operator, value, unit, text };
  }
  return undefined;
}

/** The comparison as `parseComparison` reads it, with its operator. */
export function formatComparison({ operator, value, unit }: Omit<Comparison, 'text'>): string {
  return `${operator}${units[unit].format(value)}`;
}

/** Whether what was measured, in the comparison's unit, keeps the bound. What is not a number keeps none. */
export function holds(comparison: Omit<Comparison, 'text'>, measured: number): boolean {
  return operators[comparison.operator](measured, comparison.value);
}

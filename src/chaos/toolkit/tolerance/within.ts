import { select } from '../../../config/json-path/select.ts';
import { messageOf } from '../../../platform/errors.ts';
import { ActivityFailed, type Doing } from '../deed.ts';
import { atMost, equals, isMapping, statusOr } from './compare.ts';
import type { Tolerance } from './tolerance.ts';

export interface Judged {
  met: boolean;
  /** What was compared with what, in a few words; may hold secrets. */
  detail: string;
}

type Of<K extends Tolerance['kind']> = Extract<Tolerance, { kind: K }>;

/** Judges an output purely; a tolerance of type probe is {@link withinProbe}'s. */
export function within(tolerance: Exclude<Tolerance, Of<'probe'>>, output: unknown): Judged {
  switch (tolerance.kind) {
    case 'value':
      return withinValue(tolerance, output);
    case 'list':
      return withinList(tolerance, output);
    case 'regex':
      return withinRegex(tolerance, output);
    case 'jsonpath':
      return withinPath(tolerance, output);
    case 'range':
      return withinRange(tolerance, output);
  }
}

function withinValue({ value }: Of<'value'>, output: unknown): Judged {
  const measured = typeof value === 'number' ? statusOr(output) : output;
  return { met: equals(measured, value), detail: `${shown(measured)}, has to be ${shown(value)}` };
}

function withinList({ values }: Of<'list'>, output: unknown): Judged {
  const measured = statusOr(output);
  const isStatus = measured !== output;
  if (isStatus || values.length !== 2) {
    const met = values.some((one) => equals(one, measured));
    return { met, detail: `${shown(measured)}, has to be one of ${shown(values)}` };
  }
  const met = (atMost(values[0], measured) ?? false) && (atMost(measured, values[1]) ?? false);
  return { met, detail: `${shown(measured)}, has to be from ${shown(values[0])} to ${shown(values[1])}` };
}

/** The part of an output that a tolerance looks at; one that is not there is no other part. */
const targeted = (output: unknown, target: string | undefined): unknown =>
  target !== undefined && isMapping(output) && target in output ? output[target] : output;

function withinRegex({ pattern, target }: Of<'regex'>, output: unknown): Judged {
  const part = statusOr(targeted(output, target));
  const text = typeof part === 'number' ? String(part) : part;
  if (typeof text !== 'string')
    return { met: false, detail: `${shown(text)} is no text to look for a pattern in` };
  return { met: pattern.test(text), detail: `${shown(text)}, has to match ${pattern.source}` };
}

function withinPath(tolerance: Of<'jsonpath'>, output: unknown): Judged {
  const part = targeted(output, tolerance.target);
  const values = select(tolerance.query, typeof part === 'string' ? parsedIfJson(part) : part);
  const { path, count, expect } = tolerance;
  const found = `${path} finds ${shown(values)}`;
  if (expect !== undefined)
    return { met: equals(values, expect), detail: `${found}, has to be ${shown(expect)}` };
  if (count !== undefined)
    return { met: values.length === count, detail: `${found}, has to be ${count} of them` };
  return { met: values.length > 0, detail: `${found}, has to be at least one` };
}

function parsedIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withinRange({ from, to, target }: Of<'range'>, output: unknown): Judged {
  const part = statusOr(targeted(output, target));
  const number = typeof part === 'string' && part.trim() === '' ? Number.NaN : Number(part);
  const met = typeof part !== 'object' && number >= from && number <= to;
  return { met, detail: `${shown(part)}, has to be from ${from} to ${to}` };
}

/** Gives the output to another probe, which has to succeed. */
export async function withinProbe({ deed }: Of<'probe'>, doing: Doing, output: unknown): Promise<Judged> {
  try {
    const answer = await deed.act({ ...doing, value: output });
    const problem = deed.failure?.(answer);
    const isTrue = problem === undefined && answer !== false && answer !== null;
    return { met: isTrue, detail: problem ?? `${deed.kind} ${isTrue ? 'agrees' : 'does not agree'}` };
  } catch (error) {
    if (!(error instanceof ActivityFailed)) throw error;
    return { met: false, detail: messageOf(error) };
  }
}

const longest = 200;

export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

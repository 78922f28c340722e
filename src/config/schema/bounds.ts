import type { Comparison } from '../model.ts';
import { parseComparison } from '../values/comparison.ts';
import { leaf, type Scalar } from './leaf.ts';

/** A bound with its operator written out; what it is compared with is in the comparison's unit. */
export type Bound = Comparison;

/** A throughput: so many answers a second, or a share of what there was before. */
export interface ThroughputBound extends Bound {
  of: 'before' | undefined;
}

type Side = 'most' | 'least';

const operatorsOf: Readonly<Record<Side, readonly Comparison['operator'][]>> = {
  most: ['<', '<='],
  least: ['>', '>='],
};
const bare: Readonly<Record<Side, Comparison['operator']>> = { most: '<=', least: '>=' };
const opposite: Readonly<Record<Side, Side>> = { most: 'least', least: 'most' };

interface BoundSpec {
  description: string;
  /** most: what is measured may not exceed it; least: may not fall below it. */
  side: Side;
  unit: Comparison['unit'];
  noun: string;
  examples: readonly Scalar[];
  /** Why the other direction makes no sense, after `{given}`. */
  wrongWay: string;
}

/** A bound on something measured. Without an operator, `50ms` is the largest (or smallest) value that is still right. */
function bound(spec: BoundSpec) {
  return leaf<Bound>({
    description: spec.description,
    noun: spec.noun,
    allowed: `${spec.noun}, such as ${spec.examples.join(' or ')}`,
    parse: (given) => boundIn(given, spec),
    explain: (given) =>
      boundIn(given, { ...spec, side: opposite[spec.side] }) ? `{given} ${spec.wrongWay}` : undefined,
    json: { type: ['string', 'number'] },
    examples: [...spec.examples],
  });
}

function boundIn(given: Scalar, { side, unit }: Pick<BoundSpec, 'side' | 'unit'>): Bound | undefined {
  const text = String(given);
  const found = parseComparison(text);
  if (!found) return undefined;
  const operator = found.operator === '=' && !text.startsWith('=') ? bare[side] : found.operator;
  if (!operatorsOf[side].includes(operator)) return undefined;
  // 0 is 0 in every unit.
  if (found.unit !== unit && !(found.unit === 'count' && found.value === 0)) return undefined;
  return {
    ...found,
    operator,
    unit,
    text: text === found.text && operator === found.operator ? text : `${operator}${text}`,
  };
}

const limit = { side: 'most', wrongWay: 'is no upper bound' } as const;
const trigger = { side: 'least', wrongWay: 'would hold while all is well' } as const;

const times = { unit: 'ms', noun: 'a bound on a duration' } as const;
const shares = { unit: 'ratio', noun: 'a bound on a share' } as const;
const counts = { unit: 'count', noun: 'a bound on a number' } as const;

export const atMostTime = (description: string) =>
  bound({ ...limit, ...times, description, examples: ['<50ms'] });
export const atMostShare = (description: string) =>
  bound({ ...limit, ...shares, description, examples: ['<1%', 0] });
export const atMostCount = (description: string) =>
  bound({ ...limit, ...counts, description, examples: [0, '<3'] });
/** For conditions that end something: it is over once the time or share is beyond the bound. */
export const beyondTime = (description: string) =>
  bound({ ...trigger, ...times, description, examples: ['>500ms'] });
export const beyondShare = (description: string) =>
  bound({ ...trigger, ...shares, description, examples: ['>20%'] });

const ofBefore = /^(.*[^ ]) of before$/;

/** `>50% of before` or `>100/s`. */
export function atLeastThroughput(description: string) {
  return throughput(description, 'least', '>');
}

/** `<50% of before` or `<100/s`. */
export function belowThroughput(description: string) {
  return throughput(description, 'most', '<');
}

function throughput(description: string, side: Side, sign: string) {
  const noun = 'a bound on a throughput';
  return leaf<ThroughputBound>({
    description,
    noun,
    allowed: `${noun}, such as "${sign}50% of before" or "${sign}100/s"`,
    parse: (given) => throughputIn(String(given), side),
    explain: (given) =>
      throughputIn(String(given), opposite[side]) ? '{given} is the wrong way round' : undefined,
    json: { type: 'string' },
    examples: [`${sign}50% of before`, `${sign}100/s`],
  });
}

function throughputIn(text: string, side: Side): ThroughputBound | undefined {
  const [, share] = ofBefore.exec(text) ?? [];
  const found = boundIn(share ?? text, { side, unit: share === undefined ? 'rate' : 'ratio' });
  return (
    found && {
      ...found,
      text: share === undefined ? found.text : `${found.text} of before`,
      of: share === undefined ? undefined : 'before',
    }
  );
}

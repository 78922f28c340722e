import { referenceOf } from '../expression/embedded.ts';
import type { Node } from '../expression/parse.ts';
import {
  equal,
  known,
  literalsEqual,
  numberOf,
  other,
  startsWith,
  truthOf,
  unknown,
  type Value,
} from './value.ts';

/** What an expression is evaluated in. */
export interface Scene {
  /** A reference as `referenceOf` writes it. */
  valueOf(reference: string): Value;
  /** `success`, `failure`, `cancelled`. */
  status(name: string): boolean | undefined;
  /** What was assumed about a part that cannot be worked out. */
  assumed(key: string): boolean | undefined;
}

const statusNames: ReadonlySet<string> = new Set(['success', 'failure', 'cancelled', 'always']);

export const isStatusCall = (node: Node): boolean =>
  node.kind === 'call' && statusNames.has(node.name.toLowerCase());

/** The same for expressions that mean the same. */
export const keyOf = (node: Node): string => JSON.stringify(node);

/** What an expression comes to, as far as it is certain. */
export function evaluate(node: Node, scene: Scene): Value {
  switch (node.kind) {
    case 'literal':
      return known(node.value);
    case 'name':
    case 'member':
    case 'index': {
      const reference = referenceOf(node);
      return reference === undefined || reference.includes('*') ? unknown : scene.valueOf(reference);
    }
    case 'not':
      return truthValue(negated(truthOf(evaluate(node.of, scene))));
    case 'call':
      return truthValue(callTruth(node, scene));
    case 'binary':
      return binary(node, scene);
  }
}

const negated = (truth: boolean | undefined): boolean | undefined =>
  truth === undefined ? undefined : !truth;
const truthValue = (truth: boolean | undefined): Value => (truth === undefined ? unknown : known(truth));

function binary(node: Node & { kind: 'binary' }, scene: Scene): Value {
  const left = evaluate(node.left, scene);
  if (node.operator === '&&' || node.operator === '||') {
    const stops = node.operator === '||';
    const truth = truthOf(left);
    if (truth === stops) return left;
    const right = evaluate(node.right, scene);
    if (truth !== undefined) return right;
    return truthOf(right) === stops ? other(stops) : unknown;
  }
  const answer = compared(node.operator, left, evaluate(node.right, scene));
  return truthValue(answer ?? scene.assumed(keyOf(node)));
}

function compared(operator: string, left: Value, right: Value): boolean | undefined {
  if (operator === '==') return equal(left, right);
  if (operator === '!=') return negated(equal(left, right));
  if (left.kind !== 'known' || right.kind !== 'known') return undefined;
  const [a, b] = [numberOf(left.value), numberOf(right.value)];
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function callTruth(node: Node & { kind: 'call' }, scene: Scene): boolean | undefined {
  const name = node.name.toLowerCase();
  if (name === 'always') return true;
  if (statusNames.has(name)) return scene.status(name);
  return pureCall(name, node.args, scene) ?? scene.assumed(keyOf(node));
}

function pureCall(name: string, args: readonly Node[], scene: Scene): boolean | undefined {
  const [first, second] = args;
  if (!first || !second || args.length !== 2) return undefined;
  const items = name === 'contains' ? jsonList(first) : undefined;
  if (items) return isAmong(items, evaluate(second, scene));
  const [text, part] = [evaluate(first, scene), evaluate(second, scene)];
  if (name === 'startswith') return startsWith(text, part);
  if (text.kind !== 'known' || part.kind !== 'known' || typeof text.value !== 'string') return undefined;
  const [whole, wanted] = [text.value.toLowerCase(), String(part.value ?? '').toLowerCase()];
  if (name === 'endswith') return whole.endsWith(wanted);
  return name === 'contains' ? whole.includes(wanted) : undefined;
}

function isAmong(items: readonly string[], value: Value): boolean | undefined {
  if (value.kind === 'known') return items.some((item) => literalsEqual(item, value.value));
  const answers = items.map((item) => equal(value, known(item)));
  return answers.every((answer) => answer === false) ? false : undefined;
}

/** The texts of `fromJSON('["push", "release"]')`. */
export function jsonList(node: Node): readonly string[] | undefined {
  if (node.kind !== 'call' || node.name.toLowerCase() !== 'fromjson') return undefined;
  const [text] = node.args;
  if (text?.kind !== 'literal' || typeof text.value !== 'string') return undefined;
  try {
    const items: unknown = JSON.parse(text.value);
    return Array.isArray(items) && items.every((item) => typeof item === 'string') ? items : undefined;
  } catch {
    return undefined;
  }
}

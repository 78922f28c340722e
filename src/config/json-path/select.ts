import { isDeepStrictEqual } from 'node:util';
import type { Condition, Operand, Operator, Query, Segment, Selector } from './query.ts';

/** All values that a query selects in a document, in the order that RFC 9535 gives. */
export function select(query: Query, document: unknown): readonly unknown[] {
  return nodesOf(query, { document, current: document });
}

interface Scope {
  document: unknown;
  current: unknown;
}

function nodesOf({ from, segments }: Query, scope: Scope): readonly unknown[] {
  const start: readonly unknown[] = [from === '$' ? scope.document : scope.current];
  return segments.reduce(
    (nodes, segment) => nodes.flatMap((node) => step(segment, node, scope.document)),
    start,
  );
}

function step({ of, selectors }: Segment, node: unknown, document: unknown): unknown[] {
  const nodes = of === 'children' ? [node] : withDescendants(node);
  return nodes.flatMap((one) => selectors.flatMap((selector) => pick(selector, one, document)));
}

function withDescendants(node: unknown): unknown[] {
  return [node, ...childrenOf(node).flatMap(withDescendants)];
}

function childrenOf(node: unknown): unknown[] {
  return typeof node === 'object' && node !== null ? Object.values(node) : [];
}

function pick(selector: Selector, node: unknown, document: unknown): unknown[] {
  switch (selector.kind) {
    case 'all':
      return childrenOf(node);
    case 'name':
      return isMapping(node) && Object.hasOwn(node, selector.name) ? [Reflect.get(node, selector.name)] : [];
    case 'index':
      return Array.isArray(node) ? item(node, selector.index) : [];
    case 'slice':
      return Array.isArray(node) ? sliceOf(node, selector) : [];
    case 'filter':
      return childrenOf(node).filter((current) => isTrue(selector.condition, { document, current }));
  }
}

const isMapping = (node: unknown): node is object =>
  typeof node === 'object' && node !== null && !Array.isArray(node);

function item(list: readonly unknown[], index: number): unknown[] {
  const at = index < 0 ? list.length + index : index;
  return at >= 0 && at < list.length ? [list[at]] : [];
}

/** RFC 9535, section 2.3.4.2.2. */
function sliceOf(
  list: readonly unknown[],
  { start, end, step: by }: Extract<Selector, { kind: 'slice' }>,
): unknown[] {
  if (by === 0) return [];
  const { length } = list;
  const from = start ?? (by > 0 ? 0 : length - 1);
  const to = end ?? (by > 0 ? length : -length - 1);
  const bound = (index: number, least: number, most: number): number =>
    Math.min(Math.max(index < 0 ? length + index : index, least), most);
  const picked: unknown[] = [];
  if (by > 0) {
    for (let at = bound(from, 0, length); at < bound(to, 0, length); at += by) picked.push(list[at]);
  } else {
    for (let at = bound(from, -1, length - 1); at > bound(to, -1, length - 1); at += by)
      picked.push(list[at]);
  }
  return picked;
}

function isTrue(condition: Condition, scope: Scope): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.both.every((one) => isTrue(one, scope));
    case 'or':
      return condition.both.some((one) => isTrue(one, scope));
    case 'not':
      return !isTrue(condition.what, scope);
    case 'exists':
      return nodesOf(condition.query, scope).length > 0;
    case 'compare':
      return compares[condition.operator](
        comparableOf(condition.left, scope),
        comparableOf(condition.right, scope),
      );
  }
}

/** No value at all, which JSON cannot hold. */
const nothing: unique symbol = Symbol('nothing');

function comparableOf(operand: Operand, scope: Scope): unknown {
  if ('literal' in operand) return operand.literal;
  const [value = nothing] = nodesOf(operand.query, scope);
  return value;
}

/** Prototypes differ between what JSON.parse gives and what a file's reader gives; what they hold counts. */
const same = (a: unknown, b: unknown): boolean =>
  a === b ||
  (typeof a === 'object' &&
    typeof b === 'object' &&
    isDeepStrictEqual(structuredClone(a), structuredClone(b)));

/** Only two numbers or two texts have an order; texts by their code points. */
const less = (a: unknown, b: unknown): boolean => {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return typeof a === 'string' && typeof b === 'string' && Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
};

const compares: Readonly<Record<Operator, (a: unknown, b: unknown) => boolean>> = {
  '==': same,
  '!=': (a, b) => !same(a, b),
  '<': less,
  '>': (a, b) => less(b, a),
  '<=': (a, b) => less(a, b) || same(a, b),
  '>=': (a, b) => less(b, a) || same(a, b),
};

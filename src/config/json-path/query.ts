/**
 * A JSONPath query (RFC 9535) once it has been read: all of the standard but function extensions (`length()`, `match()`
 * and so on), for which our checks have keys of their own.
 */
export interface Query {
  /** `$`: the whole document; `@`: the item that a filter looks at. */
  from: '$' | '@';
  segments: readonly Segment[];
}

export interface Segment {
  /** `..`: of the value and of all that is in it. */
  of: 'children' | 'descendants';
  selectors: readonly Selector[];
}

export type Selector =
  | { kind: 'name'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'all' }
  | { kind: 'slice'; start: number | undefined; end: number | undefined; step: number }
  | { kind: 'filter'; condition: Condition };

export type Condition =
  | { kind: 'and' | 'or'; both: readonly [Condition, Condition] }
  | { kind: 'not'; what: Condition }
  | { kind: 'exists'; query: Query }
  | { kind: 'compare'; operator: Operator; left: Operand; right: Operand };

export const operators = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Operator = (typeof operators)[number];

/** A query in a comparison is singular: names and single indices only. */
export type Operand = { literal: string | number | boolean | null } | { query: Query };

/** Whether it can select one value at most. */
export function isSingular({ segments }: Query): boolean {
  return segments.every(
    ({ of, selectors: [first, ...others] }) =>
      of === 'children' && others.length === 0 && (first?.kind === 'name' || first?.kind === 'index'),
  );
}

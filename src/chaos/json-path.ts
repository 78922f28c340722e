import { parseJsonPath } from '../config/json-path/parse.ts';
import { isSingular, type Query } from '../config/json-path/query.ts';
import { select } from '../config/json-path/select.ts';

/** Reads `$.orders[*].id`, or the same without its `$.`. */
export function jsonPathIn(text: string): Query | undefined {
  const found = parseJsonPath(text.startsWith('$') ? text : `$.${text}`);
  return 'problem' in found ? undefined : found;
}

/** Every item of a list, or every value of a mapping. */
export const everyItem: Query = { from: '$', segments: [{ of: 'children', selectors: [{ kind: 'all' }] }] };

/** The value of a JSON text; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The values that a path selects in a JSON text, in order; none where the text is no JSON. */
export function valuesAt(text: string, query: Query): readonly unknown[] {
  const document = parsed(text);
  return document === undefined ? [] : select(query, document);
}

/** The part of a path that leads to its list: what stands before the first of its segments that can select several values. */
export function listOf({ from, segments }: Query): Query {
  const first = segments.findIndex((segment) => !isSingular({ from, segments: [segment] }));
  return { from, segments: first < 0 ? segments : segments.slice(0, first) };
}

import { parseJsonPath } from '../../../config/json-path/parse.ts';
import type { Query, Segment } from '../../../config/json-path/query.ts';

/**
 * A path of the library jsonpath2 as a query of RFC 9535. Their documentation also leaves the `$.` out. A filter there
 * judges the value itself where the RFC's judges what is in it: `[*][?(@.a = 1)]` there is `[?(@.a == 1)]` here.
 */
export function toolkitPath(given: string): Query | { problem: string } {
  const text = given.trim();
  const rooted = /^[$]/.test(text) ? text : text.startsWith('[') ? `$${text}` : `$.${text}`;
  const query = parseJsonPath(withDoubledEquals(rooted));
  if ('problem' in query) return query;
  const segments: Segment[] = [];
  for (const segment of query.segments) {
    if (!hasFilter(segment)) segments.push(segment);
    else if (segment.selectors.length === 1 && isWildcard(segments.at(-1))) segments.splice(-1, 1, segment);
    else return { problem: 'a filter has to follow [*], because it judges the value itself' };
  }
  return { ...query, segments };
}

const hasFilter = ({ selectors }: Segment): boolean => selectors.some(({ kind }) => kind === 'filter');

const isWildcard = (segment: Segment | undefined): boolean =>
  segment?.of === 'children' && segment.selectors.length === 1 && segment.selectors[0]?.kind === 'all';

/** Equality is one `=` there; texts in quotes stay as they are. */
function withDoubledEquals(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[!<>=]?=+/g, (piece) =>
    piece === '=' ? '==' : piece,
  );
}

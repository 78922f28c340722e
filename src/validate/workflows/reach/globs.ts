/**
 * Whether a ref name matches a filter pattern of `branches` or `tags`; undefined: uses a sign that is not worked out here
 * (`?`, `+`, `[…]`). https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
 */
export function globMatches(pattern: string, name: string): boolean | undefined {
  if (/[?+[\]\\]/.test(pattern)) return undefined;
  const parts = pattern.match(/\*\*|\*|[^*]/g) ?? [];
  // Which lengths of the name the parts so far can cover: linear in pattern x name, without backtracking.
  let ends = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    for (const end of ends) extend(part, name, end, next);
    ends = next;
  }
  return ends.has(name.length);
}

function extend(part: string, name: string, from: number, ends: Set<number>): void {
  if (!part.startsWith('*')) {
    if (name[from] === part) ends.add(from + 1);
    return;
  }
  for (let end = from; end <= name.length && !ends.has(end); end += 1) {
    ends.add(end);
    if (part === '*' && name[end] === '/') return;
  }
}

/** Whether no wildcard is in it. */
export const isPlain = (pattern: string): boolean => !/[*?+[\]!\\]/.test(pattern);

/** Whether a list of patterns can let a name through; `!` patterns are not held against it. */
export const mayMatch = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => !pattern.startsWith('!') && globMatches(pattern, name) !== false);

/** Whether one of the patterns surely matches. */
export const surelyMatches = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => globMatches(pattern, name) === true);

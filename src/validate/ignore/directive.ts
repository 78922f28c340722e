/** What a comment `cutover-ignore …` says. */
export interface Directive {
  /** line: the line of the comment, or what the next line holds; file: the whole file. */
  reach: 'line' | 'file';
  /** Ids as written, and where each stands within the comment's text. */
  rules: readonly { id: string; at: number }[];
  /** Empty where none is given. */
  reason: string;
  /** `2026-12-31`: the last day on which it counts. Any text where it is not a day. */
  until: string | undefined;
}

const opening = /^[ \t]*cutover-ignore(-file)?(?![\w-])[ \t]*/;
const ending = /[ \t]*\(?[ \t]*until:[ \t]*([^\s)]*)[ \t]*\)?[ \t]*$/;

/**
 * Reads the text of a comment, without its `#`: `cutover-ignore rule[, rule]: reason [until: YYYY-MM-DD]`. Undefined where
 * it is another comment.
 */
export function directiveIn(comment: string): Directive | undefined {
  const opened = opening.exec(comment);
  if (!opened) return undefined;
  const rest = comment.slice(opened[0].length);
  const colon = rest.search(/:(?:\s|$)/);
  const names = colon === -1 ? rest : rest.slice(0, colon);
  const said = colon === -1 ? '' : rest.slice(colon + 1);
  const until = ending.exec(said);
  return {
    reach: opened[1] === undefined ? 'line' : 'file',
    rules: [...names.matchAll(/[^\s,]+/g)].map((found) => ({
      id: found[0],
      at: opened[0].length + found.index,
    })),
    reason: (until ? said.slice(0, until.index) : said).trim(),
    until: until?.[1],
  };
}

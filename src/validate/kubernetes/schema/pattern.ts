/**
 * Patterns of custom resource definitions. The API server matches them with RE2 in linear time; here an expression of a
 * stranger could take for ever, so one that can backtrack badly is only tried on short values.
 */

/** Steps stay below some millions: 2^20 for nested repetition, 256^3 for three repetitions in a row. */
const shortest = 20;
const longest = 256;
const mostRepeats = 3;
const longestPattern = 1000;

interface Pattern {
  readonly expression: RegExp | undefined;
  /** Longest value that it is tried on, in UTF-16 units. */
  readonly upTo: number;
}

const known = new Map<string, Pattern>();

/** Whether a value matches; undefined where it was not tried. */
export function matches(source: string, value: string): boolean | undefined {
  let pattern = known.get(source);
  if (!pattern) {
    pattern = { expression: compiled(source), upTo: limitOf(source) };
    known.set(source, pattern);
  }
  const { expression, upTo } = pattern;
  return expression && value.length <= upTo ? expression.test(value) : undefined;
}

/** RE2 takes some escapes that JavaScript takes without the `u` flag only. */
function compiled(source: string): RegExp | undefined {
  if (source.length > longestPattern) return undefined;
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags);
    } catch {
      // The next flags may do; where none does the pattern is not tried.
    }
  }
  return undefined;
}

/** A repeated group that holds a repetition or a choice can backtrack exponentially. */
export function limitOf(source: string): number {
  const plain = source.replaceAll(/\\./gs, 'a').replaceAll(/\[\^?\]?[^\]]*\]/g, 'a');
  const groups: { ambiguous: boolean }[] = [{ ambiguous: false }];
  let repeats = 0;
  for (let at = 0; at < plain.length; at += 1) {
    const sign = plain[at];
    const inner = groups.at(-1) ?? { ambiguous: false };
    if (sign === '(') groups.push({ ambiguous: false });
    else if (sign === '|') inner.ambiguous = true;
    else if (sign === ')' && groups.length > 1) {
      groups.pop();
      if (inner.ambiguous && isRepeat(plain, at + 1)) return shortest;
      const outer = groups.at(-1);
      if (outer && inner.ambiguous) outer.ambiguous = true;
    } else if (isRepeat(plain, at)) {
      inner.ambiguous = true;
      repeats += 1;
    }
  }
  return repeats > mostRepeats ? shortest : longest;
}

/** Whether `*`, `+` or a wide `{n,m}` stands there. */
function isRepeat(text: string, at: number): boolean {
  if (text[at] === '*' || text[at] === '+') return true;
  const bounds = /^\{(\d+)(,?)(\d*)\}/.exec(text.slice(at, at + 16));
  if (!bounds) return false;
  const [, from = '', comma, to] = bounds;
  return comma === ',' && to === '' ? true : Number(to || from) > shortest;
}

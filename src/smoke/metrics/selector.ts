import type { Series } from '../series.ts';
import { unescaped } from './exposition.ts';

/** What a label must be. */
export interface Matcher {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  /** Text, or a regular expression for the whole of it. */
  value: string;
}

/** Which series are meant, as PromQL writes it: `orders_total{code=~"5.."}`. */
export interface Selector {
  name: string;
  matchers: readonly Matcher[];
}

const whole = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)?\s*(?:\{([\s\S]*)\})?\s*$/;
const quoted = [/"(?:[^"\\]|\\[\s\S])*"/, /'(?:[^'\\]|\\[\s\S])*'/, /`[^`]*`/]
  .map(({ source }) => source)
  .join('|');
const matcher = new RegExp(
  String.raw`\s*(?:([a-zA-Z_][a-zA-Z0-9_]*)|("(?:[^"\\]|\\[\s\S])*"))\s*(?:(=~|!~|!=|=)\s*(${quoted})\s*)?(?:,|$)`,
  'y',
);

/** @returns the selector, or what is wrong with it */
export function parseSelector(text: string): Selector | { problem: string } {
  const [fits, bare, inside = ''] = whole.exec(text) ?? [];
  if (fits === undefined)
    return { problem: 'it is not a name with labels, such as orders_total{code="200"}' };
  const parts = partsIn(inside);
  if (parts === undefined) return { problem: `its labels cannot be read: {${inside}}` };
  const name = bare ?? parts.name;
  if (name === undefined) return { problem: 'it has no name' };
  const broken = parts.matchers.find(({ operator, value }) => operator.endsWith('~') && !isRegex(value));
  if (broken) return { problem: `the regular expression of ${broken.label} cannot be read` };
  return { name, matchers: parts.matchers };
}

function partsIn(text: string): { name: string | undefined; matchers: Matcher[] } | undefined {
  const matchers: Matcher[] = [];
  let name: string | undefined;
  let at = 0;
  while (text.slice(at).trim() !== '') {
    matcher.lastIndex = at;
    const found = matcher.exec(text);
    if (found === null) return undefined;
    at = matcher.lastIndex;
    const [, bare, quotedLabel, operator, value] = found;
    const label = bare ?? unquoted(quotedLabel ?? '');
    if (operator !== undefined && value !== undefined) {
      matchers.push({ label, operator: operator as Matcher['operator'], value: unquoted(value) });
    } else if (quotedLabel !== undefined && name === undefined) name = label;
    else return undefined;
  }
  return { name, matchers };
}

function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  return (unescaped(inner) ?? '').replaceAll("\\'", "'");
}

const regex = (text: string) => new RegExp(`^(?:${text})$`, 'us');

function isRegex(text: string): boolean {
  try {
    regex(text);
    return true;
  } catch {
    return false;
  }
}

/** A function that tells whether a series is meant; a label that is not there is an empty one. */
export function matching({ matchers }: Selector): (series: Pick<Series, 'labels'>) => boolean {
  const tests = matchers.map(({ label, operator, value }) => {
    const pattern = operator.endsWith('~') ? regex(value) : undefined;
    const negated = operator.startsWith('!');
    return ({ labels }: Pick<Series, 'labels'>) => {
      const given = labels[label] ?? '';
      return (pattern ? pattern.test(given) : given === value) !== negated;
    };
  });
  return (series) => tests.every((test) => test(series));
}

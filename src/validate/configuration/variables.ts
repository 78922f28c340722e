// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in configuration files

/** One use of an environment variable in a text. */
export interface Use {
  readonly name: string;
  /** Where it begins in the text, and behind its end. */
  readonly start: number;
  readonly end: number;
  /** What counts where the variable is not there; undefined: it must be there. */
  readonly fallback: { readonly text: string; readonly start: number } | undefined;
}

const upper = /^[A-Z_][A-Z0-9_]*$/;
const anyName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Nested defaults; what goes deeper is not written by people. */
const deepest = 8;

/**
 * The variables that a text uses: `${VAR}`, `${VAR:-default}` and its kin of the shell, `${VAR:default}` (Spring),
 * `${env:VAR}`, `${env.VAR}`, `$VAR`, `%env(VAR)%` (Symfony). Names in small letters count only where `env` stands before
 * them: `${server.port}` and `${user}` are references within the file in many frameworks. `$$` and `\$` stand for a plain
 * `$`.
 */
export function usesIn(text: string): readonly Use[] {
  if (!text.includes('$') && !text.includes('%env(')) return [];
  const found: Use[] = [];
  for (let at = 0; at < text.length; ) {
    const use = text[at] === '$' ? dollar(text, at) : text[at] === '%' ? symfony(text, at) : undefined;
    if (use !== undefined && typeof use !== 'number') found.push(use);
    if (use === undefined) at += text[at] === '\\' ? 2 : 1;
    else at = typeof use === 'number' ? use : use.end;
  }
  return found;
}

/** A use, or where to go on. */
function dollar(text: string, at: number): Use | number {
  if (text[at + 1] === '$') return at + 2;
  if (text[at + 1] === '{') return braces(text, at);
  const name = /^[A-Z_][A-Z0-9_]{2,199}(?![A-Za-z0-9(])/.exec(text.slice(at + 1, at + 203))?.[0];
  return name === undefined ? at + 1 : { name, start: at, end: at + 1 + name.length, fallback: undefined };
}

function braces(text: string, at: number): Use | number {
  const end = closing(text, at + 2);
  if (end === undefined) return at + 2;
  const inner = text.slice(at + 2, end);
  const prefix = /^(?:env|ENV)[:.]/.exec(inner)?.[0] ?? '';
  const rest = inner.slice(prefix.length);
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest)?.[0] ?? '';
  if (!(prefix === '' ? upper : anyName).test(name)) return at + 2;
  const fallback = fallbackOf(rest.slice(name.length), at + 2 + prefix.length + name.length);
  return fallback === false ? at + 2 : { name, start: at, end: end + 1, fallback };
}

/** The end of what began with `${`, by counting braces; a text without one is passed over once. */
function closing(text: string, from: number): number | undefined {
  let depth = 1;
  for (let at = from; at < text.length && depth <= deepest; at += 1) {
    if (text[at] === '{' && text[at - 1] === '$') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
    if (text[at] === '\n') return undefined;
  }
  return undefined;
}

/** What stands behind the name: nothing, a default, `:?message`; false: this is no variable. */
function fallbackOf(rest: string, start: number): Use['fallback'] | false {
  if (rest === '' || /^:?\?/.test(rest)) return undefined;
  const operator = /^(?::?[-+=]|:)/.exec(rest)?.[0];
  if (operator === undefined) return false;
  // `:+` gives nothing where the variable is not there.
  const isAlternative = operator.endsWith('+');
  return { text: isAlternative ? '' : rest.slice(operator.length), start: start + operator.length };
}

function symfony(text: string, at: number): Use | undefined {
  const match = /^%env\(([^()%\s]{1,300})\)%/.exec(text.slice(at, at + 310));
  const parts = match?.[1]?.split(':') ?? [];
  const name = parts.at(-1);
  if (!match || name === undefined || !anyName.test(name)) return undefined;
  const hasDefault = parts.includes('default');
  return {
    name,
    start: at,
    end: at + match[0].length,
    fallback: hasDefault ? { text: '', start: at } : undefined,
  };
}

/** Whether the whole text is one variable. */
export function isWholly(text: string): boolean {
  const [use, ...others] = usesIn(text.trim());
  return use !== undefined && others.length === 0 && use.start === 0 && use.end === text.trim().length;
}

/** What a variable holds: a text, `unknown` where it is there but not readable here, undefined where it is not there. */
export type Lookup = (name: string) => string | typeof unknown | undefined;

export const unknown: unique symbol = Symbol('unknown');

/** The text with its variables filled in; `unknown` where a part of it cannot be told. */
export function resolve(text: string, lookup: Lookup, depth = 0): string | typeof unknown {
  return filled({ text, uses: usesIn(text) }, lookup, depth);
}

/** The same for a text whose uses are known already, for many lookups. */
export function filled(
  { text, uses }: { text: string; uses: readonly Use[] },
  lookup: Lookup,
  depth = 0,
): string | typeof unknown {
  let resolved = '';
  let at = 0;
  for (const use of uses) {
    const value = heldBy(use, lookup, depth);
    if (value === unknown) return unknown;
    resolved += text.slice(at, use.start) + value;
    at = use.end;
  }
  return resolved + text.slice(at);
}

function heldBy(use: Use, lookup: Lookup, depth: number): string | typeof unknown {
  const value = lookup(use.name);
  if (value === unknown || (value !== undefined && value !== '')) return value;
  if (use.fallback === undefined || depth >= deepest) return value ?? unknown;
  return resolve(use.fallback.text, lookup, depth + 1);
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in cutover.yml

import { didYouMean } from './suggest.ts';

/** What `${…}` in a value may stand for. */
export interface Variables {
  /** An environment variable; an empty one counts as undefined. */
  env: (name: string) => string | undefined;
  /**
   * The release, once there is one. Without it (`plan`, `status`, `validate`) `${release.…}` stays as it is
   * written and is no problem.
   */
  release?: { version: string; sha?: string | undefined } | undefined;
}

/** Something wrong with the n-th `${` of a value, counted from 0, escaped ones included. */
export interface VariableProblem {
  nth: number;
  message: string;
  given: string;
  allowed: string;
}

export interface Substituted {
  text: string;
  /** What in `text` came from the environment; such a text is never shown. */
  secrets: readonly string[];
  problems: readonly VariableProblem[];
  /** The text would be longer than allowed; it was cut off, and is of no use. */
  tooLong: boolean;
}

const namespaces = ['env', 'release', 'checks'];
const releaseKeys = ['version', 'sha'] as const;
const allowedNames = '${env.NAME}, ${release.version} or ${release.sha}; $${ for a plain ${';

/** `<check>.<path into its answer>`: `login.body.token`, `orders.body.items.0.id` */
const checkReference = /^[^.{}]+(?:\.[^.{}]+)+$/;

/** One `$${`, or `${` up to its `}`; a `${` that is not closed matches with what follows it. */
const variable = /\$\$\{|\$\{([^}]*)(\})?/g;

type Resolved = { value: string; secret: boolean } | { message: string; allowed: string };

/**
 * Replaces `${env.NAME}`, `${release.version}` and `${release.sha}`, once: what a variable holds is not looked at
 * again. `$${` gives a plain `${`. No more than about `mostCharacters` are put together, however large a variable is.
 */
export function substitute(text: string, variables: Variables, mostCharacters: number): Substituted {
  if (!text.includes('${')) return { text, secrets: [], problems: [], tooLong: text.length > mostCharacters };
  const problems: VariableProblem[] = [];
  const secrets: string[] = [];
  let nth = -1;
  let length = text.length;
  const replaced = text.replace(
    variable,
    (given: string, name: string | undefined, closed: string | undefined) => {
      nth += 1;
      if (name === undefined) return '${';
      const resolved = closed === undefined ? notClosed : resolve(name, variables);
      if ('message' in resolved) {
        problems.push({ nth, given, ...resolved });
        return '';
      }
      if (resolved.secret) secrets.push(resolved.value);
      length += resolved.value.length;
      return length > mostCharacters ? '' : resolved.value;
    },
  );
  return { text: replaced, secrets, problems, tooLong: length > mostCharacters };
}

const notClosed: Resolved = { message: '"${" is not closed', allowed: allowedNames };

function resolve(name: string, variables: Variables): Resolved {
  const [, namespace = '', key = ''] = /^([^.]*)\.(.*)$/s.exec(name) ?? [];
  if (namespace === 'env') return fromEnvironment(key, variables);
  if (namespace === 'release') return fromRelease(key, variables);
  // What a check answered is known when the checks run; it stays as it is written until then.
  if (namespace === 'checks' && checkReference.test(key))
    return { value: `\${checks.${key}}`, secret: false };
  const guess = didYouMean(namespace === '' ? name : namespace, namespaces);
  return { message: `{given} is not a known variable${guess}`, allowed: allowedNames };
}

function fromEnvironment(name: string, { env }: Variables): Resolved {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return { message: '{given} names no environment variable', allowed: 'letters, digits and _ after env.' };
  }
  const value = env(name);
  if (value) return { value, secret: true };
  return { message: `environment variable ${name} is not defined or empty`, allowed: `set ${name}` };
}

function fromRelease(key: string, { release }: Variables): Resolved {
  const known = releaseKeys.find((name) => name === key);
  if (known === undefined) {
    const message = `{given} is not a known variable${didYouMean(key, releaseKeys)}`;
    return { message, allowed: '${release.version} or ${release.sha}' };
  }
  if (release === undefined) return { value: `\${release.${known}}`, secret: false };
  const value = release[known];
  if (value) return { value, secret: false };
  return { message: `the release has no ${known}`, allowed: 'a release that was made from a commit' };
}

/** Characters from the start of `source` to its n-th `${`, escaped ones included; undefined when it has fewer. */
export function offsetOfVariable(source: string, nth: number): number | undefined {
  let index = -1;
  for (const match of source.matchAll(variable)) {
    index += 1;
    if (index === nth) return match.index;
  }
  return undefined;
}

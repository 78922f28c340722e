// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in cutover.yml

/** `${checks.login.body.token}`: what an earlier check answered. */
export interface Reference {
  /** As it is written. */
  text: string;
  check: string;
  /** Keys into its answer: `body`, `token`. */
  path: readonly string[];
}

const reference = /\$\{checks\.([^.{}]+)\.([^{}]+)\}/g;

/** All references in the texts of a value, keys of mappings excepted. */
export function referencesIn(value: unknown): Reference[] {
  if (typeof value === 'string') {
    return [...value.matchAll(reference)].map(([text, check = '', path = '']) => ({
      text,
      check,
      path: path.split('.'),
    }));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((item) => referencesIn(item));
}

/** What the answer of a check holds at a path, as text; undefined where there is nothing. */
export function captured(answer: unknown, path: readonly string[]): string | undefined {
  let value = answer;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Answers of the checks so far, by name. */
export type Answers = ReadonlyMap<string, unknown>;

/** The first reference that has no value yet; undefined: all can be filled in. */
export function missingIn(spec: unknown, answers: Answers): Reference | undefined {
  return referencesIn(spec).find(({ check, path }) => captured(answers.get(check), path) === undefined);
}

/** A copy of a spec with every reference replaced by what it stands for. */
export function fill<T>(spec: T, answers: Answers): T {
  return filled(spec, answers) as T;
}

function filled(value: unknown, answers: Answers): unknown {
  if (typeof value === 'string') {
    return value.replace(
      reference,
      (text, check: string, path: string) => captured(answers.get(check), path.split('.')) ?? text,
    );
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, answers)]));
}

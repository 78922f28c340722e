/** What `${name}` stands for, by name. */
export type Values = ReadonlyMap<string, unknown>;

/** `$$`, `$name`, `${name}`: Python's string.Template, which is what Chaos Toolkit substitutes with. */
const pattern = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\})/gi;

/**
 * Replaces variables in texts, also in lists and mappings. A text that is one variable alone becomes its value, whatever
 * type it has; a name that nobody knows stays as it is written. What a variable holds is not looked at again.
 */
export function fill(data: unknown, values: Values): unknown {
  if (typeof data === 'string') return fillText(data, values);
  if (Array.isArray(data)) return data.map((item) => fill(item, values));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, fill(value, values)]));
}

function fillText(text: string, values: Values): unknown {
  const alone = aloneIn(text);
  if (alone !== undefined && values.has(alone)) return values.get(alone);
  return text.replace(pattern, (given, dollar, bare, braced) => {
    const name: string | undefined = bare ?? braced;
    if (dollar !== undefined) return '$';
    return name !== undefined && values.has(name) ? asText(values.get(name)) : given;
  });
}

/** The variable that a text is made of, if it is made of one alone. */
export function aloneIn(text: string): string | undefined {
  const [match, ...others] = text.matchAll(pattern);
  return match && others.length === 0 && match[0] === text ? (match[2] ?? match[3]) : undefined;
}

/** As Python's str() writes it. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null || value === undefined
    ? 'None'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}

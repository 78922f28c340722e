/** The values at `orders.*.id` in a JSON text, in order; none where the text is no JSON or the path leads nowhere. */
export function valuesAt(text: string, path: string | undefined): readonly unknown[] {
  const root = parsed(text);
  if (root === undefined) return [];
  return (path?.split('.') ?? []).reduce<readonly unknown[]>(
    (values, key) => values.flatMap((value) => step(value, key)),
    [root],
  );
}

/** The first of them; the text itself where there is no path and it is no JSON. */
export function valueAt(text: string, path: string | undefined): unknown {
  const [first] = valuesAt(text, path);
  return first ?? (path === undefined ? text : undefined);
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function step(value: unknown, key: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (key === '*') return Object.values(value);
  return Object.entries(value)
    .filter(([name]) => name === key)
    .map(([, found]) => found);
}

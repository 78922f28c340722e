/** Takes secrets out of whatever is to be shown or kept. */
export type Redact = <T>(data: T) => T;

const mask = '***';

/** Each secret is looked for as it is, as it stands in a URL, in JSON and in base64. */
export function redactor(secrets: readonly string[]): Redact {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ]);
  const longestFirst = [...new Set(forms)].toSorted((a, b) => b.length - a.length);
  const hide = (text: string): string => longestFirst.reduce((all, one) => all.replaceAll(one, mask), text);
  const walk = (data: unknown): unknown => {
    if (typeof data === 'string') return hide(data);
    if (Array.isArray(data)) return data.map(walk);
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [hide(key), walk(value)]));
  };
  return <T>(data: T): T => (longestFirst.length === 0 ? data : (walk(data) as T));
}

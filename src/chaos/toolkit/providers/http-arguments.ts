import { asText } from '../substitute.ts';

/** Arguments as a query or the body of a form: a list repeats its name, nothing (`null`) is left out. */
export function formEncoded(given: unknown): string {
  if (typeof given === 'string') return given;
  if (typeof given !== 'object' || given === null) return '';
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== null) fields.append(name, asText(one));
  }
  return fields.toString();
}

/** The body of a request that is no GET, and the type it has unless the headers say another. */
export function bodyOf(
  given: unknown,
  headers: Readonly<Record<string, string>>,
): { body: string | undefined; type: Record<string, string> } {
  if (given === undefined || given === null) return { body: undefined, type: {} };
  const [, named] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  if (named === 'application/json') return { body: JSON.stringify(given), type: {} };
  const isForm = typeof given !== 'string' && named === undefined;
  return {
    body: formEncoded(given),
    type: isForm ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {},
  };
}

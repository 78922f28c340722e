import type { VersionCheck } from '../config/model.ts';

/** A JSON object gives the value at the key; anything else is compared whole, without blanks around it. */
export function versionIn(body: string, check: VersionCheck): { version: string } | { detail: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { version: body.trim() };
  }
  if (typeof parsed !== 'object' || parsed === null) return { version: body.trim() };
  const value: unknown = Object.hasOwn(parsed, check.json) ? Reflect.get(parsed, check.json) : undefined;
  if (typeof value === 'string' || typeof value === 'number') return { version: String(value) };
  return { detail: `${check.http} answers JSON without "${check.json}"` };
}

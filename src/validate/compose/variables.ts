import { listOf, mappingOf, type Path } from '../document.ts';
import type { Mapping } from './project.ts';

/** One variable of `environment`, in either form. */
export interface Variable {
  readonly name: string;
  /** Undefined: taken from the environment of Compose. */
  readonly value: string | undefined;
  readonly path: Path;
}

export function variablesOf(service: Mapping, key = 'environment'): readonly Variable[] {
  const written = service[key];
  if (Array.isArray(written)) {
    return listOf(written).flatMap((item, i) => {
      if (typeof item !== 'string') return [];
      const equals = item.indexOf('=');
      const name = equals === -1 ? item : item.slice(0, equals);
      return [{ name, value: equals === -1 ? undefined : item.slice(equals + 1), path: [key, i] }];
    });
  }
  return Object.entries(mappingOf(written) ?? {}).map(([name, value]) => ({
    name,
    value: value === null || typeof value === 'object' ? undefined : String(value),
    path: [key, name],
  }));
}

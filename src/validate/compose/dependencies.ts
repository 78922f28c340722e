import { listOf, mappingOf, type Path, textOf } from '../document.ts';
import type { Mapping } from './project.ts';

/** One entry of depends_on, in either form. */
export interface Dependency {
  readonly service: string;
  /** Undefined in the list form. */
  readonly condition: string | undefined;
  readonly isRequired: boolean;
  /** Within the service. */
  readonly path: Path;
  readonly part: 'key' | 'value';
}

export function dependenciesOf(service: Mapping): readonly Dependency[] {
  const written = service['depends_on'];
  if (Array.isArray(written)) {
    return listOf(written).flatMap((item, i) => {
      const name = textOf(item);
      return name === undefined
        ? []
        : [
            {
              service: name,
              condition: undefined,
              isRequired: true,
              path: ['depends_on', i],
              part: 'value' as const,
            },
          ];
    });
  }
  return Object.entries(mappingOf(written) ?? {}).map(([name, value]) => {
    const options = mappingOf(value);
    return {
      service: name,
      condition: textOf(options?.['condition']),
      isRequired: options?.['required'] !== false,
      path: ['depends_on', name],
      part: 'key' as const,
    };
  });
}

/** A reference from one service to another. */
export interface Reference {
  readonly service: string;
  readonly path: Path;
  readonly part: 'key' | 'value';
  /** The key that it stands under. */
  readonly what: string;
}

/** Everything in a service that names another service of the project. */
export function serviceReferences(service: Mapping): readonly Reference[] {
  const found: Reference[] = dependenciesOf(service).map((each) => ({ ...each, what: 'depends_on' }));
  for (const key of ['links', 'volumes_from'] as const) {
    listOf(service[key]).forEach((item, i) => {
      const name = textOf(item)?.split(':')[0];
      if (name !== undefined && name !== 'container')
        found.push({ service: name, path: [key, i], part: 'value', what: key });
    });
  }
  for (const key of ['network_mode', 'ipc', 'pid'] as const) {
    const [, name] = /^service:(.+)$/.exec(textOf(service[key]) ?? '') ?? [];
    if (name !== undefined) found.push({ service: name, path: [key], part: 'value', what: key });
  }
  const extended = service['extends'];
  const options = mappingOf(extended);
  const name =
    textOf(extended) ?? (options?.['file'] === undefined ? textOf(options?.['service']) : undefined);
  if (name !== undefined)
    found.push({
      service: name,
      path: options ? ['extends', 'service'] : ['extends'],
      part: 'value',
      what: 'extends',
    });
  return found;
}

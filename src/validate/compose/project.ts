import { dirname, join } from 'node:path/posix';
import { mappingOf } from '../document.ts';
import type { Spot } from '../rule.ts';
import type { ComposeFile, Workspace } from '../workspace.ts';

export type Mapping = Readonly<Record<string, unknown>>;

/** A Compose file with those that it is merged with. */
export interface Project {
  readonly file: ComposeFile;
  /** It, and the base file of its folder where it is an override of that one. */
  readonly files: readonly ComposeFile[];
  /** Whether it is laid over another file, so that keys may be missing in it. */
  readonly isOverride: boolean;
  /** Names of an element of all its files. */
  names(section: Section): ReadonlySet<string>;
  /** A service with the keys of the base file under its own. */
  service(name: string): Mapping | undefined;
  /** Whether another override of the same base, which may be laid over it too, has that name. */
  isInOtherOverride(section: Section, name: string): boolean;
  /** Whether `include` brings in what is not in it. */
  readonly hasIncludes: boolean;
}

export type Section = 'services' | 'networks' | 'volumes' | 'configs' | 'secrets' | 'models';

/** By https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file, best first. */
const baseNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

const cache = new WeakMap<Workspace, readonly Project[]>();

/** Every Compose file of the workspace with its base. */
export function projectsOf(workspace: Workspace): readonly Project[] {
  const known = cache.get(workspace);
  if (known) return known;
  const byPath = new Map(workspace.composeFiles.map((file) => [file.document.file.path, file]));
  const projects = workspace.composeFiles.map((file) => projectOf(file, byPath));
  cache.set(workspace, projects);
  return projects;
}

function projectOf(file: ComposeFile, byPath: ReadonlyMap<string, ComposeFile>): Project {
  const folder = dirname(file.document.file.path);
  const base = baseNames.map((name) => byPath.get(join(folder, name))).find((found) => found !== undefined);
  const isOverride = base !== undefined && base !== file && !baseNames.includes(baseName(file));
  const files = isOverride && base ? [file, base] : [file];
  const services = new Map<string, Mapping | undefined>();
  const names = new Map<Section, ReadonlySet<string>>();
  return {
    file,
    files,
    isOverride,
    hasIncludes: files.some(({ value }) => value['include'] !== undefined),
    names: (section) => {
      const known =
        names.get(section) ??
        new Set(files.flatMap(({ value }) => Object.keys(mappingOf(value[section]) ?? {})));
      names.set(section, known);
      return known;
    },
    isInOtherOverride: (section, name) =>
      isOverride &&
      [...byPath].some(
        ([path, other]) =>
          dirname(path) === folder &&
          !files.includes(other) &&
          !baseNames.includes(baseName(other)) &&
          Object.hasOwn(mappingOf(other.value[section]) ?? {}, name),
      ),
    service: (name) => {
      if (!services.has(name)) services.set(name, merged(files, name));
      return services.get(name);
    },
  };
}

const baseName = ({ document }: ComposeFile): string =>
  document.file.path.slice(document.file.path.lastIndexOf('/') + 1);

function merged(files: readonly ComposeFile[], name: string): Mapping | undefined {
  const found = files.flatMap(({ services }) =>
    Object.hasOwn(services, name) ? (services[name] ?? []) : [],
  );
  return found.length === 0
    ? undefined
    : extended(files, Object.assign({}, ...found.toReversed()), new Set([name]));
}

/** With the keys of the service that it extends in the same files. */
function extended(files: readonly ComposeFile[], service: Mapping, seen: Set<string>): Mapping {
  const written = service['extends'];
  const other = typeof written === 'string' ? written : mappingOf(written)?.['service'];
  if (typeof other !== 'string' || mappingOf(written)?.['file'] !== undefined || seen.has(other))
    return service;
  const base = files
    .map(({ services }) => (Object.hasOwn(services, other) ? services[other] : undefined))
    .find(Boolean);
  return base ? { ...extended(files, base, seen.add(other)), ...service } : service;
}

/** The entries of `services` with their names. */
export const servicesOf = ({ file }: Project): readonly (readonly [string, Mapping])[] =>
  Object.entries(file.services);

/** A place in a service. */
export function inService(project: Project, name: string, ...rest: readonly (string | number)[]): Spot {
  const path = ['services', name, ...rest];
  return rest.length === 0
    ? { document: project.file.document, path, part: 'key' }
    : { document: project.file.document, path };
}

/** The key of an entry of a service. */
export const keyIn = (project: Project, name: string, ...rest: readonly (string | number)[]): Spot => ({
  document: project.file.document,
  path: ['services', name, ...rest],
  part: 'key',
});

/** Resolved from the Compose file's folder; undefined: outside of the workspace or only known when it runs. */
export function pathFrom({ file }: Project, path: string): string | undefined {
  if (/[$~]|^\/|^[A-Za-z]:|:\/\//.test(path)) return undefined;
  const joined = join(dirname(file.document.file.path), path);
  return joined.startsWith('..') ? undefined : joined.replace(/\/+$/, '') || '.';
}

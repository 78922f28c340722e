import { dirname, join } from 'node:path/posix';
import { type Document, listOf, mappingOf, textOf } from '../../document.ts';
import type { ComposeFile, Workspace } from '../../workspace.ts';
import { type Lookup, resolve, unknown } from '../variables.ts';
import { environmentIn } from './environment-name.ts';
import { type Gathered, gathered, type Supplier } from './supplier.ts';

/** A service, and the same one in the files that it is put on top of. */
export interface ComposeService {
  readonly name: string;
  /** The base first. */
  readonly files: readonly ComposeFile[];
  readonly environment: string | undefined;
}

/** Every service with its overrides: `compose.production.yml` goes on top of `compose.yml` beside it. */
export function composeServices(workspace: Workspace): readonly ComposeService[] {
  const bases = new Map(
    workspace.composeFiles
      .filter(({ document }) => isBase(document.file.path))
      .map((file) => [dirname(file.document.file.path), file]),
  );
  const overrides = new Map(
    workspace.composeFiles
      .filter(({ document }) => /(?:^|\/)(?:docker-)?compose\.override\.ya?ml$/.test(document.file.path))
      .map((file) => [dirname(file.document.file.path), file]),
  );
  return workspace.composeFiles.flatMap((file) => {
    const { path } = file.document.file;
    const base = bases.get(dirname(path));
    const override = overrides.get(dirname(path));
    return Object.keys(file.services).flatMap((name): ComposeService[] => {
      // Compose never reads the one without the other.
      if (file === base && override && Object.hasOwn(override.services, name)) return [];
      const files = base && base !== file && Object.hasOwn(base.services, name) ? [base, file] : [file];
      return [{ name, files, environment: environmentIn(workspace, path) }];
    });
  });
}

const isBase = (path: string): boolean => /(?:^|\/)(?:docker-)?compose\.ya?ml$/.test(path);

/** The service's mappings, the base first. */
export const partsOf = ({ name, files }: ComposeService): readonly Readonly<Record<string, unknown>>[] =>
  files.flatMap((file) => {
    const service = file.services[name];
    return service ? [service] : [];
  });

/**
 * The environment of a service by the rules of Compose: the image's, `env_file` in order, a later one wins, `environment` over
 * all of them. https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/
 */
export function composeSupplier(workspace: Workspace, service: ComposeService, base: Gathered): Supplier {
  const result = gathered();
  for (const [name, variable] of base.variables) result.variables.set(name, variable);
  const folder = dirname(service.files[0]?.document.file.path ?? '');
  const outer = outside(workspace, folder);
  for (const part of partsOf(service)) takeFiles({ workspace, folder, result, outer }, part['env_file']);
  for (const part of partsOf(service)) {
    if (part['extends'] !== undefined) result.open.push(`service "${service.name}" extends another one`);
    if (part['environment'] !== undefined) result.sources.push('its environment');
    takeEnvironment(result, part['environment'], outer);
  }
  const path = service.files.at(-1)?.document.file.path ?? '';
  return { name: `service "${service.name}" (${path})`, environment: service.environment, ...result };
}

interface Scope {
  readonly workspace: Workspace;
  readonly folder: string;
  readonly result: Gathered;
  readonly outer: Lookup;
}

/** What `${…}` in the compose file itself stands for: `.env` beside it, else the shell that runs Compose. */
function outside(workspace: Workspace, folder: string): Lookup {
  const values = mappingOf(workspace.envFiles.get(join(folder, '.env'))?.value) ?? {};
  return (name) => (Object.hasOwn(values, name) ? textual(values[name]) : unknown);
}

function takeFiles(scope: Scope, given: unknown): void {
  const files = typeof given === 'string' ? [given] : listOf(given);
  for (const item of files) {
    const path = textOf(item) ?? textOf(mappingOf(item)?.['path']);
    if (path === undefined) continue;
    const at = join(scope.folder, path);
    const document = path.includes('$') ? undefined : scope.workspace.envFiles.get(at);
    if (document) takeFile(scope.result, document);
    else scope.result.open.push(`env_file ${path} is not in the workspace`);
  }
}

function takeFile(result: Gathered, document: Document): void {
  const { path } = document.file;
  result.sources.push(path);
  const values = mappingOf(document.value) ?? {};
  const lookup: Lookup = (name) => result.variables.get(name)?.value ?? unknown;
  for (const [name, value] of Object.entries(values)) {
    const text = textual(value);
    const filled = text === unknown ? unknown : resolve(text, lookup);
    result.variables.set(name, { value: filled, origin: path });
  }
}

/** A mapping, or a list of `NAME=value`; a name alone is handed on from the shell. */
function takeEnvironment(result: Gathered, given: unknown, outer: Lookup): void {
  const take = (name: string, value: unknown): void => {
    const text = textual(value);
    result.variables.set(name, {
      value: text === unknown ? unknown : resolve(text, outer),
      origin: 'environment',
    });
  };
  for (const [name, value] of Object.entries(mappingOf(given) ?? {})) take(name, value);
  for (const item of listOf(given)) {
    if (typeof item !== 'string') continue;
    const equals = item.indexOf('=');
    if (equals === -1) take(item, undefined);
    else take(item.slice(0, equals), item.slice(equals + 1));
  }
}

const textual = (value: unknown): string | typeof unknown =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : unknown;

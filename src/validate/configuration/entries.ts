import type { Component, ConfigEntry } from '../../config/model.ts';
import { matches, patternOf } from '../read/configs.ts';
import type { ConfigFile, Workspace } from '../workspace.ts';
import { canonical } from './environment/environment-name.ts';
import { folderOf } from './environment/image.ts';

/** One configuration file and an entry of `config:` that names it. */
export interface Named {
  readonly file: ConfigFile;
  readonly entry: ConfigEntry;
  /** Whether the file has this document only, so that what is not in it is missing. */
  readonly isAlone: boolean;
}

const cache = new WeakMap<Workspace, readonly Named[]>();

/** The entries that apply to the environment that is released to. */
export function entriesOf(workspace: Workspace): readonly ConfigEntry[] {
  const { environment } = workspace;
  const wanted = environment === undefined ? undefined : canonical(environment);
  return (workspace.release?.config ?? []).filter(
    ({ environments }) =>
      wanted === undefined ||
      environments === undefined ||
      environments.some((name) => canonical(name) === wanted),
  );
}

/** Every configuration file with each entry that names it. */
export function namedFiles(workspace: Workspace): readonly Named[] {
  const known = cache.get(workspace);
  if (known) return known;
  const documents = new Map<string, number>();
  for (const { document } of workspace.configs) {
    documents.set(document.file.path, (documents.get(document.file.path) ?? 0) + 1);
  }
  const found = entriesOf(workspace).flatMap((entry) => {
    const isMeant = meaning(workspace, entry);
    return workspace.configs
      .filter(({ document }) => isMeant(document.file.path))
      .map((file) => ({ file, entry, isAlone: documents.get(file.document.file.path) === 1 }));
  });
  cache.set(workspace, found);
  return found;
}

/** Whether a path is meant by an entry. */
export function meaning(workspace: Workspace, entry: ConfigEntry): (path: string) => boolean {
  const pattern = patternOf(entry, workspace.release?.folder ?? workspace.root, workspace.root);
  return pattern === undefined ? () => false : matches(pattern);
}

/** The files for which one of the sets of rules is asked for. */
export const filesWith = (workspace: Workspace, rule: string): readonly Named[] =>
  namedFiles(workspace).filter(({ entry }) =>
    entry.rules.some((name) => name === rule || name === 'production-safe'),
  );

/** The component that reads a file: the one that is named, the only one, or the one whose folder the file is in. */
export function readerOf(workspace: Workspace, { entry, file }: Named): Component | undefined {
  const components = Object.values(workspace.release?.components ?? {});
  if (entry.component !== undefined) return components.find(({ name }) => name === entry.component);
  if (components.length === 1) return components[0];
  const { path } = file.document.file;
  const inside = components.filter((component) => {
    const folder = folderOf(workspace, component);
    return folder !== '.' && path.startsWith(`${folder}/`);
  });
  return inside.length === 1 ? inside[0] : undefined;
}

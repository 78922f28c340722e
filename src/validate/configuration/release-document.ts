import { relative, sep } from 'node:path';
import { dirname } from 'node:path/posix';
import type { ConfigEntry } from '../../config/model.ts';
import type { Document, Path } from '../document.ts';
import { readYaml } from '../read/yaml.ts';
import type { Workspace } from '../workspace.ts';

const cache = new WeakMap<Workspace, Document>();

/** cutover.yml as a document, for findings about what it says; undefined where there is none. */
export function releaseDocument(workspace: Workspace): Document | undefined {
  const { release } = workspace;
  if (!release) return undefined;
  const known = cache.get(workspace);
  if (known) return known;
  const folder = relative(workspace.root, release.folder).split(sep).join('/') || '.';
  const beside = [...workspace.files.values()].filter(
    ({ path, text }) =>
      dirname(path) === folder && /\.ya?ml$/.test(path) && /^["']?config["']?\s*:/m.test(text),
  );
  const file = beside.find(({ path }) => /(?:^|\/)cutover\.ya?ml$/.test(path)) ?? beside[0];
  const document = file === undefined ? undefined : readYaml(file).documents[0];
  if (document) cache.set(workspace, document);
  return document;
}

/** Where an entry of `config:` stands. */
export function entryPath(workspace: Workspace, entry: ConfigEntry): Path {
  return ['config', Math.max(0, (workspace.release?.config ?? []).indexOf(entry))];
}

import { extname, join, relative, sep } from 'node:path';
import type { ReleaseFile } from '../../config/model.ts';
import { listOf, mappingOf, type SourceFile, textOf } from '../document.ts';
import type { ConfigFile, Unreadable } from '../workspace.ts';
import { readEnv } from './env.ts';
import { readJson } from './json.ts';
import { readToml } from './toml.ts';
import { readYaml } from './yaml.ts';

/** The files that `config:` of a release file names, relative to the workspace; those outside of it are left out. */
export function configFilesOf(release: ReleaseFile | undefined, root: string): ReadonlySet<string> {
  const paths = new Set<string>();
  if (!release) return paths;
  const section: unknown = Reflect.get(release, 'config');
  for (const item of listOf(section)) {
    const file = textOf(mappingOf(item)?.['file']);
    if (file === undefined) continue;
    const path = relative(root, join(release.folder, file)).split(sep).join('/');
    if (!path.startsWith('../') && path !== '..') paths.add(path);
  }
  return paths;
}

export function formatOf(path: string): ConfigFile['format'] {
  switch (extname(path).toLowerCase()) {
    case '.json':
      return 'json';
    case '.toml':
      return 'toml';
    case '.yml':
    case '.yaml':
      return 'yaml';
    default:
      return 'env';
  }
}

export interface ReadConfig {
  configs: readonly ConfigFile[];
  problems: readonly Unreadable[];
}

/** An application's configuration file; what it is, its name tells. */
export function readConfig(file: SourceFile): ReadConfig {
  const format = formatOf(file.path);
  const { documents, problems } = readers[format](file);
  return { configs: documents.map((document) => ({ document, format })), problems };
}

const readers = {
  yaml: readYaml,
  json: readJson,
  toml: readToml,
  env: (file: SourceFile) => {
    const { document, problems } = readEnv(file);
    return { documents: [document], problems };
  },
} as const;

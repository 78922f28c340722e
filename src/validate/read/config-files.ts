import { extname } from 'node:path';
import type { SourceFile } from '../document.ts';
import type { ConfigFile, Unreadable } from '../workspace.ts';
import { readEnv } from './env.ts';
import { readJson } from './json.ts';
import { readToml } from './toml.ts';
import { readYaml } from './yaml.ts';

/** How a configuration file is written, by its name. */
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

/** An application's configuration file. */
export function readConfig(file: SourceFile, format: ConfigFile['format'] = formatOf(file.path)): ReadConfig {
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

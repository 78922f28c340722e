import { posix } from 'node:path';
import type { FolderEntry, WorkspaceFiles } from '../../src/platform/workspace-files.ts';
import { type ReadOptions, readWorkspace } from '../../src/validate/read/index.ts';
import type { Workspace } from '../../src/validate/workspace.ts';

/** A workspace's files in memory; paths are relative to its root. */
export function memoryFiles(contents: Readonly<Record<string, string | Uint8Array>>): WorkspaceFiles {
  const files = new Map(Object.entries(contents).map(([path, text]) => [path, Buffer.from(text)] as const));
  const clean = (path: string) => posix.normalize(path).replace(/^\.\/?|\/$/g, '');
  const below = (folder: string) =>
    [...files.keys()].filter((path) => folder === '' || path.startsWith(`${folder}/`));
  return {
    root: '/workspace',
    list: (folder) => {
      const depth = folder === '' ? 0 : folder.length + 1;
      const entries = new Map<string, FolderEntry>();
      for (const path of below(folder)) {
        const [name = '', ...rest] = path.slice(depth).split('/');
        entries.set(name, { name, kind: rest.length > 0 ? 'folder' : 'file' });
      }
      return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    size: (path) => files.get(path)?.length,
    read: (path) => files.get(path),
    exists: (path) => files.has(clean(path)) || below(clean(path)).length > 0,
  };
}

/** Reads a workspace of these files. */
export const workspaceOf = (
  contents: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<ReadOptions> = {},
): Promise<Workspace> => readWorkspace({ root: '/workspace', files: memoryFiles(contents), ...options });

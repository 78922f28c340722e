import type { WorkspaceFiles } from '../../../src/platform/workspace-files.ts';
import { readWorkspace } from '../../../src/validate/read/index.ts';
import type { Workspace } from '../../../src/validate/workspace.ts';

/** A workspace whose files are in memory. */
export function memoryFiles(contents: Readonly<Record<string, string>>): WorkspaceFiles {
  const encoder = new TextEncoder();
  const bytes = new Map(Object.entries(contents).map(([path, text]) => [path, encoder.encode(text)]));
  const isFolder = (path: string): boolean => [...bytes.keys()].some((file) => file.startsWith(`${path}/`));
  return {
    root: '/app',
    list: (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const names = [...bytes.keys()]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length).split('/')[0] ?? '');
      return [...new Set(names)].sort().map((name) => ({
        name,
        kind: bytes.has(`${prefix}${name}`) ? ('file' as const) : ('folder' as const),
      }));
    },
    size: (path) => bytes.get(path)?.length,
    read: (path) => bytes.get(path),
    exists: (path) => bytes.has(path) || isFolder(path),
  };
}

export const workspaceOf = (
  contents: Readonly<Record<string, string>>,
  environment?: string,
): Promise<Workspace> => readWorkspace({ root: '/app', files: memoryFiles(contents), environment });

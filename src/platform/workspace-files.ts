import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { codeOf } from './errors.ts';

/** What stands in a folder. `outside`: a link that leads out of the workspace, to nowhere or round in a circle. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'outside';
}

/**
 * The files of a workspace, read at once and in order: thousands of small files are read several times faster without
 * a promise for each. All paths are relative to the workspace, with `/`. Nothing outside of it is ever read.
 */
export interface WorkspaceFiles {
  /** Absolute. */
  readonly root: string;
  /** What is in a folder, sorted by name; sockets, pipes and devices are left out. Empty where it cannot be listed. */
  list(folder: string): readonly FolderEntry[];
  /** Size in bytes, or undefined where there is no file that may be read. */
  size(path: string): number | undefined;
  /** Undefined where there is no file that may be read. */
  read(path: string): Uint8Array | undefined;
  /** Whether there is a file or folder at this path within the workspace. */
  exists(path: string): boolean;
}

/** Where a path really is, relative to `root`, or undefined when that is not within it. */
function realWithin(root: string, path: string): string | undefined {
  try {
    const real = realpathSync.native(join(root, path));
    return real === root || real.startsWith(root === sep ? sep : `${root}${sep}`) ? real : undefined;
  } catch (error) {
    if (codeOf(error) !== undefined) return undefined;
    throw error;
  }
}

const ifReadable = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) !== undefined) return undefined;
    throw error;
  }
};

/** The real files under a folder. Rejects nothing: what cannot be read is not there. */
export function systemWorkspaceFiles(folder: string): WorkspaceFiles {
  const root = ifReadable(() => realpathSync.native(resolve(folder))) ?? resolve(folder);
  // Files that were listed as such, in folders that are within: asking for each again would take most of the time.
  const listed = new Map<string, string>();
  const within = (path: string): string | undefined => listed.get(path) ?? realWithin(root, path);
  return {
    root,
    list: (path) => {
      const real = within(path);
      if (real === undefined) return [];
      const prefix = path === '' ? '' : `${path}/`;
      return entriesOf(root, path).map(({ isLink, ...entry }) => {
        if (entry.kind === 'file' && !isLink) listed.set(prefix + entry.name, join(real, entry.name));
        return entry;
      });
    },
    size: (path) => {
      const real = within(path);
      const stat = real === undefined ? undefined : ifReadable(() => statSync(real));
      return stat?.isFile() ? stat.size : undefined;
    },
    read: (path) => {
      const real = within(path);
      return real === undefined ? undefined : ifReadable(() => readFileSync(real));
    },
    exists: (path) => {
      const real = within(path);
      return real !== undefined && existsSync(real);
    },
  };
}

interface Listed extends FolderEntry {
  isLink: boolean;
}

function entriesOf(root: string, folder: string): readonly Listed[] {
  const found = ifReadable(() => readdirSync(join(root, folder), { withFileTypes: true })) ?? [];
  return found
    .flatMap((entry): Listed[] => {
      if (entry.isFile()) return [{ name: entry.name, kind: 'file', isLink: false }];
      if (entry.isDirectory()) return [{ name: entry.name, kind: 'folder', isLink: false }];
      if (!entry.isSymbolicLink()) return [];
      return linkEntry(root, folder, entry.name).map((found) => ({ ...found, isLink: true }));
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A link to a folder that it stands in would be walked for ever. */
function linkEntry(root: string, folder: string, name: string): FolderEntry[] {
  const real = realWithin(root, join(folder, name));
  if (real === undefined) return [{ name, kind: 'outside' }];
  const stat = ifReadable(() => statSync(real));
  if (stat?.isFile()) return [{ name, kind: 'file' }];
  if (!stat?.isDirectory()) return [];
  const here = ifReadable(() => realpathSync.native(join(root, folder))) ?? root;
  const isAbove = relative(real, here).split(sep)[0] !== '..';
  return [{ name, kind: isAbove ? 'outside' : 'folder' }];
}

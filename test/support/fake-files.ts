import { posix } from 'node:path';
import type { Files } from '../../src/platform/files.ts';

/** Files in memory. Folders exist when something is in them or when they were made. */
export interface FakeFiles extends Files {
  /** Content by absolute path, for a test to look at. */
  readonly contents: Map<string, Buffer>;
  /** Fails the next writes with this error, until set back to undefined. */
  failWrites: Error | undefined;
}

export function fakeFiles(initial: Readonly<Record<string, string>> = {}): FakeFiles {
  const absolute = (path: string) => posix.resolve('/', path);
  const contents = new Map(
    Object.entries(initial).map(([path, text]) => [absolute(path), Buffer.from(text)] as const),
  );
  const folders = new Set<string>(['/']);
  const within = (folder: string) => {
    const prefix = folder === '/' ? '/' : `${folder}/`;
    return [...contents.keys(), ...folders].filter((path) => path !== folder && path.startsWith(prefix));
  };
  const isFolder = (path: string) => folders.has(path) || within(path).length > 0;
  const files: FakeFiles = {
    contents,
    failWrites: undefined,
    readText: async (path) => contents.get(absolute(path))?.toString('utf8'),
    readBytes: async (path) => contents.get(absolute(path)),
    size: async (path) => contents.get(absolute(path))?.length,
    exists: async (path) => contents.has(absolute(path)) || isFolder(absolute(path)),
    list: async (path) => {
      const folder = absolute(path);
      const depth = folder === '/' ? 1 : folder.length + 1;
      return [...new Set(within(folder).map((name) => name.slice(depth).split('/')[0] ?? ''))].sort();
    },
    writeDurably: async (path, content) => {
      if (files.failWrites) throw files.failWrites;
      contents.set(absolute(path), Buffer.from(content));
    },
    makeFolder: async (path) => {
      if (files.failWrites) throw files.failWrites;
      folders.add(absolute(path));
    },
    remove: async (path) => {
      for (const name of [absolute(path), ...within(absolute(path))]) {
        contents.delete(name);
        folders.delete(name);
      }
    },
  };
  return files;
}

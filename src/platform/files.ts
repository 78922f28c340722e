import { constants } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from './errors.ts';

/** Files, as the stages see them. All paths are absolute or relative to the process's directory. */
export interface Files {
  /** The text of a file, or undefined where there is none. Any other failure rejects. */
  readText(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Buffer | undefined>;
  /** Size in bytes, or undefined where there is no such file. */
  size(path: string): Promise<number | undefined>;
  exists(path: string): Promise<boolean>;
  /** Names in a directory, sorted; empty where there is none. */
  list(path: string): Promise<string[]>;
  /**
   * Writes durably: a temporary file beside it, fsync, rename, fsync of the folder. A reader sees the old or the new
   * text, never half of one, also after a power cut. Folders are made as needed.
   */
  writeDurably(path: string, content: string | Uint8Array, options?: { mode?: number }): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Removes a file or a folder with all it holds; nothing happens where there is none. */
  remove(path: string): Promise<void>;
}

const ifPresent = async <T>(read: Promise<T>): Promise<T | undefined> => {
  try {
    return await read;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
};

let temporaries = 0;

export const systemFiles: Files = {
  readText: (path) => ifPresent(readFile(path, 'utf8')),
  readBytes: (path) => ifPresent(readFile(path)),
  size: async (path) => (await ifPresent(stat(path)))?.size,
  exists: async (path) => (await ifPresent(access(path, constants.F_OK).then(() => true))) ?? false,
  list: async (path) => ((await ifPresent(readdir(path))) ?? []).sort(),
  writeDurably: async (path, content, options = {}) => {
    await mkdir(dirname(path), { recursive: true });
    temporaries += 1;
    const temporary = join(dirname(path), `.${process.pid}-${temporaries}.tmp`);
    const file = await open(temporary, 'w', options.mode ?? 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  },
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true });
  },
  remove: (path) => rm(path, { recursive: true, force: true }),
};

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

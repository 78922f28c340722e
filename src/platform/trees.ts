import { createHash, hash as hashOf } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
} from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { codeOf } from './errors.ts';

/** One thing in a folder; paths are relative to it, with `/`. */
export type TreeEntry =
  | { kind: 'folder'; path: string }
  | { kind: 'file'; path: string; isExecutable: boolean; size: number }
  | { kind: 'link'; path: string; target: string }
  /** A socket, a pipe or a device. */
  | { kind: 'other'; path: string };

/** So many files are read or written at once. */
const atOnce = 16;

/**
 * Everything in a folder, sorted by path as bytes, whatever the file system's order is. What `isLeftOut` names is not
 * looked into. Links are not followed. Rejects with `ENOENT` or `ENOTDIR` where there is no folder.
 */
export async function readTree(
  root: string,
  isLeftOut: (path: string, kind: 'folder' | 'file') => boolean,
): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const visit = async (folder: string) => {
    for (const found of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? found.name : `${folder}/${found.name}`;
      const isFolder = found.isDirectory();
      if (isLeftOut(path, isFolder ? 'folder' : 'file')) continue;
      entries.push(await entryOf(root, path));
      if (isFolder) await visit(path);
    }
  };
  await visit('');
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

async function entryOf(root: string, path: string): Promise<TreeEntry> {
  const found = await lstat(join(root, path));
  if (found.isDirectory()) return { kind: 'folder', path };
  if (found.isSymbolicLink()) return { kind: 'link', path, target: await readlink(join(root, path)) };
  if (!found.isFile()) return { kind: 'other', path };
  return { kind: 'file', path, isExecutable: (found.mode & 0o100) !== 0, size: found.size };
}

/** SHA-256 in lower-case hexadecimal over paths, kinds, executable bits, link targets and contents. */
export async function hashTree(root: string, entries: readonly TreeEntry[]): Promise<string> {
  const lines = await inParallel(entries, async (entry) => {
    switch (entry.kind) {
      case 'file':
        return [
          entry.kind,
          entry.path,
          entry.isExecutable,
          await hashFile(join(root, entry.path), entry.size),
        ];
      case 'link':
        return [entry.kind, entry.path, entry.target];
      case 'folder':
      case 'other':
        return [entry.kind, entry.path];
    }
  });
  const hash = createHash('sha256');
  for (const line of lines) hash.update(`${JSON.stringify(line)}\n`);
  return hash.digest('hex');
}

/** Up to this size a file is read at once, which is several times faster for the many small ones. */
const readAtOnce = 1024 * 1024;

async function hashFile(path: string, size: number): Promise<string> {
  if (size <= readAtOnce) return hashOf('sha256', await readFile(path), 'hex');
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Copies entries of a folder to a new one, sharing blocks where the file system can, and makes the files read-only.
 * Durable when it resolves. Folders stay writable, so that `rm -r` and a clean checkout can remove the copy.
 */
export async function copyTree(from: string, to: string, entries: readonly TreeEntry[]): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const { kind, path } of entries) if (kind === 'folder') await mkdir(join(to, path));
  await inParallel(entries, async (entry) => {
    const target = join(to, entry.path);
    if (entry.kind === 'link') await symlink(entry.target, target);
    if (entry.kind !== 'file') return;
    await copyFile(join(from, entry.path), target, constants.COPYFILE_FICLONE);
    await chmod(target, entry.isExecutable ? 0o555 : 0o444);
    await sync(target);
  });
  await inParallel(
    entries.filter(({ kind }) => kind === 'folder'),
    ({ path }) => sync(join(to, path)),
  );
  await sync(to);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Gives a folder its final name, durably; false when that name is taken, and then nothing has changed.
 */
export async function moveFolder(from: string, to: string, parent: string): Promise<boolean> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  await sync(parent);
  return true;
}

/** Removes a folder also when folders in it are read-only. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') throw error;
    await chmod(path, 0o700);
    for (const entry of await readTree(path, () => false)) {
      if (entry.kind === 'folder') await chmod(join(path, entry.path), 0o700);
    }
    await rm(path, { recursive: true, force: true });
  }
}

/** Milliseconds since 1970 of a folder's last change; undefined where there is none. */
export async function changedAt(path: string): Promise<number | undefined> {
  return (await lstat(path).catch(() => undefined))?.mtimeMs;
}

/** Sets a folder's last change. */
export const setChangedAt = (path: string, now: number): Promise<void> =>
  utimes(path, now / 1000, now / 1000);

async function inParallel<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await task(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

import { chmod, link, lstat, mkdir, open, rm, truncate, writeFile } from 'node:fs/promises';
import { codeOf, UserError } from './errors.ts';

/**
 * Makes a folder that only this user can read and enter, or checks and tightens one that is there.
 * @throws UserError when it belongs to another user or is not a folder (a link, for one)
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await keepPrivate(path);
}

/** The same for a folder that must be there already; rejects with `ENOENT` where it is not. */
export async function keepPrivate(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isDirectory()) throw new UserError(`${path} is not a folder`);
  if (process.getuid && found.uid !== process.getuid() && process.getuid() !== 0) {
    throw new UserError(`${path} belongs to another user`);
  }
  if ((found.mode & 0o077) !== 0) await chmod(path, 0o700);
}

/** Makes a file readable by this user only. */
export const makePrivate = (path: string): Promise<void> => chmod(path, 0o600);

/**
 * Creates a file with its whole content in one step; false when there is one of that name already. Whoever gets true is
 * the only one that does.
 */
export async function createExclusively(path: string, content: string, temporary: string): Promise<boolean> {
  await writeFile(temporary, content, { mode: 0o600 });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Empties a file; processes that append to it go on at its new end. Nothing happens where there is none. */
export async function emptyFile(path: string): Promise<void> {
  await truncate(path, 0).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

/** The last `bytes` of a file as text; empty where there is none. */
export async function readEnd(path: string, bytes: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, bytes);
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

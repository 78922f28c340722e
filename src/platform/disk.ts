import { randomFillSync } from 'node:crypto';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { codeOf } from './errors.ts';

/** Bytes that a file really occupies; 0 where there is none. stat(2): blocks are of 512 bytes, whatever the file system's are. */
export async function occupiedBytes(path: string): Promise<number> {
  try {
    return (await stat(path)).blocks * 512;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return 0;
    throw error;
  }
}

const chunkBytes = 4 * 1024 * 1024;

/**
 * Writes a file of so many bytes that no file system can store in less, and makes it durable, which is when blocks are
 * given out. Stops early, and is content, where the disk is full and `ifFull` says so. Rejects with the signal's reason.
 */
export async function fillFile(
  path: string,
  fill: { bytes: number; ifFull: 'stop' | 'reject'; signal: AbortSignal },
): Promise<void> {
  const chunk = randomFillSync(Buffer.allocUnsafe(chunkBytes));
  const file = await open(path, 'w', 0o600);
  try {
    for (let left = fill.bytes; left > 0; left -= chunkBytes) {
      fill.signal.throwIfAborted();
      await writeWhole(file, chunk.subarray(0, Math.min(left, chunkBytes)));
    }
    await file.sync();
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC' || fill.ifFull === 'reject') throw error;
  } finally {
    await file.close();
  }
}

async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

/** Large enough to fill a disk's queue: writes of 1 MiB held others up by half as much when we measured. */
const slowBytes = 8 * 1024 * 1024;
/** A file that is written without end is cut to nothing at this size, so that blocks are given out anew. */
export const largestSlowBytes = 8 * slowBytes;

/**
 * Writes to a file without a pause, each write durable before the next, until the signal aborts. `onWrite` hears of each.
 */
export async function writeWithoutPause(path: string, signal: AbortSignal, onWrite: () => void) {
  const chunk = randomFillSync(Buffer.allocUnsafe(slowBytes));
  const file = await open(path, 'w', 0o600);
  try {
    for (let at = 0; !signal.aborted; at = (at + slowBytes) % largestSlowBytes) {
      if (at === 0) await file.truncate(0);
      await file.write(chunk, 0, slowBytes, at);
      await file.sync();
      onWrite();
    }
  } finally {
    await file.close();
  }
}

/**
 * How long a write of 4 KiB takes until it is durable, in milliseconds. The file is removed again. Undefined where the
 * folder cannot be written to.
 */
export async function timeSyncWrite(path: string): Promise<number | undefined> {
  const file = await open(path, 'w', 0o600).catch(() => undefined);
  if (!file) return undefined;
  try {
    const bytes = Buffer.alloc(4096, 1);
    const started = performance.now();
    await file.write(bytes);
    await file.sync();
    return performance.now() - started;
  } catch {
    return undefined;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

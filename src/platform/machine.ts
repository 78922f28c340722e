import { statfs, writeFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';

/** Bytes that can be had, of all there are. */
export interface Room {
  freeBytes: number;
  totalBytes: number;
}

/**
 * Memory that can be taken without swapping: on Linux `MemAvailable`, or what the limit of our control group leaves,
 * whichever is less.
 */
export function memoryRoom(): Room {
  return { freeBytes: Math.min(freemem(), process.availableMemory()), totalBytes: totalmem() };
}

/** What an ordinary user may still write to the file system of a path. Rejects with `ENOENT` where there is none. */
export async function diskRoom(path: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(path);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/**
 * Makes this process the first one to be ended when memory runs out, instead of somebody who did nothing;
 * proc_pid_oom_score_adj(5). Only Linux can.
 */
export async function volunteerForOomKill(): Promise<void> {
  if (process.platform === 'linux') await writeFile('/proc/self/oom_score_adj', '1000').catch(() => {});
}

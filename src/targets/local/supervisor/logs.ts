import type { Files } from '../../../platform/files.ts';
import { emptyFile, readEnd } from '../../../platform/private-files.ts';

/** A log is cut when it is longer. What is printed in between the copy and the cut is lost. */
export const largestLog = 16 * 1024 * 1024;
/** So much of its end is kept beside it, as `<name>.log.1`. */
export const keptOfLog = 1024 * 1024;

/** Cuts a log that has grown too long; whoever appends to it goes on. Resolves with whether it was cut. */
export async function boundLog(files: Files, file: string): Promise<boolean> {
  if (((await files.size(file)) ?? 0) <= largestLog) return false;
  await files.writeDurably(`${file}.1`, await readEnd(file, keptOfLog), { mode: 0o600 });
  await emptyFile(file);
  return true;
}

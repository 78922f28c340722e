import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Copies a folder with all it holds; links are copied as what they point to. */
export const copyFolder = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, dereference: true });

/** Writes a file that can be executed. */
export async function makeProgram(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o755 });
}

import { dirname, resolve } from 'node:path';
import { codeOf, messageOf } from '../platform/errors.ts';
import type { Files } from '../platform/files.ts';
import type { Problem } from './model.ts';
import { type Found, problemsAt } from './problems.ts';
import { mostBytes, type ReadResult, readReleaseFile, tooLarge } from './read.ts';
import type { StageSections } from './schema/file.ts';
import type { Variables } from './substitute.ts';
import { decodeUtf8 } from './utf8.ts';
import { emptyFile, linesOf } from './yaml.ts';

export { formatProblem } from './problems.ts';
export type { ReadResult } from './read.ts';

export interface LoadOptions extends Variables {
  /** Where the release file is; problems name it as it stands here. */
  path: string;
  files: Pick<Files, 'size' | 'readBytes'>;
  /** Loads what the stages bring for their keys; asked only where the text may hold one of them. */
  stages?: () => Promise<StageSections>;
}

/**
 * Reads a release file from disk. All problems come at once, in the order of the file. Without a `release`,
 * `${release.…}` stays as it is written.
 */
export async function loadReleaseFile({
  path,
  files,
  stages,
  ...variables
}: LoadOptions): Promise<ReadResult> {
  const read = await textOf(path, files);
  if (typeof read !== 'string') return { ok: false, problems: read };
  const sections = stages && mayHoldStages.test(read) ? { stages: await stages() } : {};
  return readReleaseFile(read, {
    ...variables,
    ...sections,
    file: path,
    folder: dirname(resolve(path)),
  });
}

const mayHoldStages = /smoke|chaos/;

/** The text of a file for people, or why it cannot be had. */
export async function textOf(path: string, files: LoadOptions['files']): Promise<string | Problem[]> {
  const bytes = await bytesOf(path, files);
  if (!(bytes instanceof Uint8Array)) return problemsAt(path, [bytes], linesOf(''));
  const decoded = decodeUtf8(bytes);
  if (!('invalidAt' in decoded)) return decoded.text;
  return problemsAt(path, [notUtf8(decoded)], linesOf(decoded.before));
}

function notUtf8({ before, invalidAt }: { before: string; invalidAt: number }): Found {
  return {
    offset: before.length,
    path: [],
    message: `byte ${invalidAt + 1} is not valid UTF-8`,
    allowed: 'UTF-8',
  };
}

/** The size is looked at first, so that a huge file is never read; what has no size (a device) counts as empty. */
async function bytesOf(path: string, files: LoadOptions['files']): Promise<Uint8Array | Found> {
  try {
    const size = await files.size(path);
    if (size === 0) return emptyFile;
    if (size !== undefined && size > mostBytes) return tooLarge;
    const bytes = size === undefined ? undefined : await files.readBytes(path);
    if (bytes === undefined) return problem('there is no such file');
    return bytes.length > mostBytes ? tooLarge : bytes;
  } catch (error) {
    if (codeOf(error) === 'EISDIR') return problem('is a folder, not a file');
    return problem(codeOf(error) === 'EACCES' ? 'may not be read' : `cannot be read: ${messageOf(error)}`);
  }
}

const problem = (message: string): Found => ({ offset: 0, path: [], message });

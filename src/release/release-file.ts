import { formatProblem, loadReleaseFile, type ReadResult } from '../config/load.ts';
import type { ReleaseFile } from '../config/model.ts';
import type { StageSections } from '../config/schema/file.ts';
import { UserError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { ReleaseRef } from '../targets/target.ts';

/** Loaded only for a file that has a key of a stage: most starts need none of it. */
export const loadStageSections = async (): Promise<StageSections> =>
  (await import('./stage-sections.ts')).stageSections;

/** Reads cutover.yml with all its keys; `${release.…}` stands for `release` where one is given. */
export function readReleaseFile(
  { configPath }: { configPath: string },
  { files, env }: Pick<Platform, 'files' | 'env'>,
  release?: ReleaseRef,
): Promise<ReadResult> {
  const { version, sha } = release ?? {};
  const substituted =
    version === undefined ? {} : { release: { version, ...(sha === undefined ? {} : { sha }) } };
  return loadReleaseFile({ path: configPath, files, env, stages: loadStageSections, ...substituted });
}

/** @throws UserError with every problem of the file */
export async function needReleaseFile(
  request: { configPath: string },
  platform: Pick<Platform, 'files' | 'env'>,
): Promise<ReleaseFile> {
  const read = await readReleaseFile(request, platform);
  if (read.ok) return read.file;
  throw new UserError(read.problems.map(formatProblem).join('\n'), { next: 'cutover plan' });
}

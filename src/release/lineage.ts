import { codeOf } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * Whether one commit is an ancestor of another, as git in `folder` knows it. Undefined where git, the repository or a
 * commit is missing (a shallow clone): nobody can tell, so nobody is refused.
 */
export async function isAncestor(
  { processes }: Pick<Platform, 'processes'>,
  folder: string,
  { older, newer }: { older: string; newer: string },
): Promise<boolean | undefined> {
  if (![older, newer].every((commit) => /^[0-9a-f]{7,64}$/i.test(commit))) return undefined;
  try {
    const { code } = await processes.run(['git', '-C', folder, 'merge-base', '--is-ancestor', older, newer]);
    // git documents 0 and 1 as the answers; anything else is an error.
    return code === 0 ? true : code === 1 ? false : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

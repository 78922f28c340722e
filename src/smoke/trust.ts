import { join } from 'node:path';
import { pattern } from '../config/schema/fields.ts';
import { messageOf } from '../platform/errors.ts';
import type { Attempt, CheckContext } from './check.ts';

/** The path of a file in the folder of cutover.yml, or below it. */
export const fileBeside = (description: string) =>
  pattern(description, {
    noun: 'the path of a file',
    allowed: 'a relative path with / that stays in the folder of this file',
    // Relative, without backslashes, control characters and `..`.
    pattern: '^(?![/~])(?![A-Za-z]:)(?!(?:.*\\/)?\\.\\.(?:\\/|$))[^\\\\\\u0000-\\u001f\\u007f]{1,1000}$',
  });

/** Key of every check that can speak TLS. */
export const caFile = fileBeside(
  'File with the PEM certificates of the authorities to trust instead of the usual ones, relative to this file.',
);

/** The certificates in the file that `ca` names, or why they cannot be had: then nothing was learnt about the release. */
export async function readCa(
  file: string | undefined,
  { platform, folder }: CheckContext,
): Promise<{ ca?: string } | { problem: Attempt }> {
  if (file === undefined) return {};
  const problem = (detail: string): { problem: Attempt } => ({
    problem: { ok: false, finding: 'unreachable-from-here', detail, next: `provide ${file}, or correct ca` },
  });
  try {
    const ca = await platform.files.readText(join(folder, file));
    if (ca === undefined) return problem(`there is no file ${file}`);
    // With none to trust, every certificate would be refused, and the server blamed for it.
    return ca.includes('-----BEGIN ') ? { ca } : problem(`${file} holds no certificate in PEM`);
  } catch (error) {
    return problem(`${file} cannot be read: ${messageOf(error)}`);
  }
}

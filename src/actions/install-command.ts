import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ActionHost } from '../hosts/github.ts';
import { about } from '../platform/about.ts';
import { bundleFolder } from '../platform/entries.ts';
import { UserError } from '../platform/errors.ts';
import { copyFolder, makeProgram } from '../platform/install.ts';

/**
 * Puts the `cutover` command of this very checkout into the runner's tool cache; nothing is downloaded. The version in
 * the cache carries a digest of the bundle, so that two commits of one version do not share a folder.
 *
 * @returns the folder for PATH
 */
export async function installCommand(host: ActionHost): Promise<{ folder: string; version: string }> {
  const bundles = bundleFolder();
  const core =
    bundles && (await host.platform.files.readBytes(fileURLToPath(new URL('core/index.js', bundles))));
  if (!core) {
    throw new UserError('the setup action runs from its bundles only', { next: 'npm run build' });
  }
  const digest = createHash('sha256').update(core).digest('hex').slice(0, 12);
  const folder = await host.cacheTool('cutover', `${about.version}-${digest}`, async () => {
    const made = join(host.platform.env('RUNNER_TEMP') ?? '/tmp', `cutover-${host.platform.random.hex(6)}`);
    await copyFolder(fileURLToPath(bundles), join(made, 'dist'));
    await makeProgram(
      join(made, 'cutover'),
      `#!/bin/sh\nexec '${process.execPath}' "$(dirname "$0")/dist/cli/index.js" "$@"\n`,
    );
    return made;
  });
  return { folder, version: about.version };
}

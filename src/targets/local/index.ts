import { resolve } from 'node:path';
import { UserError } from '../../platform/errors.ts';
import type { TargetFactory } from '../target.ts';
import { openSession, type Session } from './session.ts';
import { LocalTarget } from './target.ts';

/**
 * The embedded target: processes of this machine behind a proxy of ours, owned by a supervisor process that any step can
 * find again. docs: docs/local-target.md
 */
export const openTarget: TargetFactory = async ({ components, stateFolder, platform }) => {
  refuseWindows(process.platform);
  const session = openSession(platform, resolve(stateFolder));
  return new LocalTarget(session, components);
};

/** @throws UserError on Windows, which has neither process groups nor the signals that this target needs */
export function refuseWindows(os: NodeJS.Platform): void {
  if (os !== 'win32') return;
  throw new UserError('the local target needs Linux or macOS; on Windows it works in WSL', {
    docs: 'docs/local-target.md',
  });
}

/**
 * Stops everything that a state folder runs: processes, proxies and the supervisor, also processes that a killed
 * supervisor left. Nothing happens where nothing runs. What ran is remembered: the next supervisor starts it again.
 * @param graceMs longest time from SIGTERM to SIGKILL; undefined: each component's drain time
 */
export async function stopLocal(options: {
  platform: Session['platform'];
  stateFolder: string;
  graceMs?: number;
}): Promise<void> {
  const session = openSession(options.platform, resolve(options.stateFolder));
  try {
    await session.shutDown(options.graceMs);
  } finally {
    session.close();
  }
}

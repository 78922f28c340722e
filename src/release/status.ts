import { staleFaults } from '../chaos/stale.ts';
import { readOperation } from '../cutover/operation.ts';
import type { Platform } from '../platform/platform.ts';
import type { Status, StatusRequest } from './contract.ts';
import { openEnvironment } from './environment.ts';
import { needReleaseFile } from './release-file.ts';

/** What runs, who is at work and what was left unfinished. Writes and starts nothing. */
export async function readStatus(request: StatusRequest, platform: Platform): Promise<Status> {
  const file = await needReleaseFile(request, platform);
  const { environment, target } = await openEnvironment(file, request, platform);
  try {
    const left = await readOperation(target.journal);
    return {
      application: file.name,
      environment: environment.name,
      target: target.kind,
      inventory: await target.inspect(),
      lease: await target.lease.read(),
      unfinished: left && {
        release: left.release.version,
        phase: left.phase,
        since: new Date(left.startedAt).toISOString(),
      },
      faults: (await staleFaults(target)).map(({ until, ...fault }) => ({
        ...fault,
        until: new Date(until).toISOString(),
      })),
    };
  } finally {
    await target.close();
  }
}

import { formatProblem, loadReleaseFile } from '../config/load.ts';
import { readOperation } from '../cutover/operation.ts';
import { UserError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Status, StatusRequest } from './contract.ts';
import { openEnvironment } from './environment.ts';

/** What runs, who is at work and what was left unfinished. Writes and starts nothing. */
export async function readStatus(request: StatusRequest, platform: Platform): Promise<Status> {
  const read = await loadReleaseFile({ path: request.configPath, files: platform.files, env: platform.env });
  if (!read.ok) throw new UserError(read.problems.map(formatProblem).join('\n'), { next: 'cutover plan' });
  const { environment, target } = await openEnvironment(read.file, request, platform);
  try {
    const left = await readOperation(target.journal);
    return {
      application: read.file.name,
      environment: environment.name,
      target: target.kind,
      inventory: await target.inspect(),
      lease: await target.lease.read(),
      unfinished: left && {
        release: left.release.version,
        phase: left.phase,
        since: new Date(left.startedAt).toISOString(),
      },
    };
  } finally {
    await target.close();
  }
}

import type { Inventory, Release } from '../targets/target.ts';
import type { Ending, Run } from './context.ts';
import { liveReleases } from './plan.ts';

/** A release that is an ancestor of the live one would take production back in time. */
export async function refuse(run: Run, inventory: Inventory, release: Release): Promise<Ending | undefined> {
  if (run.request.allowOlder === 'yes' || release.sha === undefined) return undefined;
  for (const live of liveReleases(inventory)) {
    if (live.sha === undefined || live.sha === release.sha) continue;
    if ((await run.request.isAncestor(release.sha, live.sha)) !== true) continue;
    const reason = `${release.version} (${release.sha.slice(0, 12)}) is older than the live ${live.version} (${live.sha.slice(0, 12)})`;
    return { verdict: 'failed', result: 'refused', reason };
  }
  return undefined;
}

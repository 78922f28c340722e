import { revertStale } from '../chaos/stale.ts';
import type { Platform } from '../platform/platform.ts';
import { LeaseHeld } from '../targets/target.ts';
import type { StatusRequest } from './contract.ts';
import { openEnvironment } from './environment.ts';
import { needReleaseFile } from './release-file.ts';

/**
 * Ends everything that the local target runs in one environment, the live release too. What was broken on purpose is mended
 * first: some of it would outlive the processes, a full disk for one.
 * @throws LeaseHeld while a run is at work
 */
export async function stopEnvironment(
  request: StatusRequest & { origin: string },
  platform: Platform,
): Promise<{ environment: string; stopped: number }> {
  const file = await needReleaseFile(request, platform);
  const { environment, target, stateFolder } = await openEnvironment(file, request, platform);
  try {
    const lease = await target.lease.read();
    if (lease) throw new LeaseHeld(lease, { next: 'cutover status' });
    const { clock } = platform;
    const holder = `${request.origin}, stop`;
    await revertStale({ target, clock, token: undefined, holder, signal: new AbortController().signal });
    const colors = Object.values((await target.inspect()).components).flatMap((one) =>
      Object.values(one.colors),
    );
    const stopped = colors
      .flatMap(({ instances }) => instances)
      .filter(({ pid }) => pid !== undefined).length;
    const { stopLocal } = await import('../targets/local/index.ts');
    await stopLocal({ platform, stateFolder });
    return { environment: environment.name, stopped };
  } finally {
    await target.close();
  }
}

import { join } from 'node:path';
import { systemPlatform } from '../../src/platform/platform.ts';
import { openTarget } from '../../src/targets/local/index.ts';
import type { Color } from '../../src/targets/target.ts';
import type { Workspace } from '../e2e/support/workspace.ts';
import { inject } from './fault-sandbox.ts';
import { unprotected } from './protection.ts';

/** Leaves `app` slow, as a run that has died does: the lease is free, and nobody comes back. */
export async function leaveFault({ folder }: Workspace, color: Color): Promise<void> {
  const target = await openTarget({
    environment: { name: 'local', target: 'local', protect: unprotected },
    components: {},
    stateFolder: join(folder, '.cutover/local'),
    platform: systemPlatform(() => {}),
  });
  const lease = await target.lease.acquire({ holder: 'dead', ttlMs: 60_000 });
  const effect = {
    effect: 'latency',
    delayMs: 1,
    jitterMs: 0,
    distribution: 'uniform',
    share: 1,
  } as const;
  const what = { kind: 'network', component: 'app', color, instances: 'all', effect } as const;
  await inject({ target, lease }, what, { id: 'left-1' });
  await lease.release();
  await target.close();
}

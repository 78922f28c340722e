import type { LeaseStore } from '../target.ts';
import type { Session } from './session.ts';
import { readState } from './state.ts';
import { heldAt } from './supervisor/lease.ts';

/** The lease is the supervisor's; without one it is read from the state. */
export function leasesOf(session: Session): LeaseStore {
  return {
    acquire: async ({ holder, ttlMs }) => {
      const { token } = await session.call('lease.acquire', { holder, ttlMs });
      return {
        token,
        holder,
        renew: async () => {
          await session.call('lease.renew', { token });
        },
        release: async () => {
          await session.call('lease.release', { token });
        },
      };
    },
    read: async () => {
      const told = await session.ask('lease.read', {});
      if (told) return told.lease ?? undefined;
      const { platform, stateFolder } = session;
      return heldAt((await readState(platform.files, stateFolder)).lease, platform.clock.now());
    },
  };
}

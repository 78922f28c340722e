import { identityOf, signalGroup } from '../../../../platform/daemons.ts';
import type { LocalFault, Of } from './kind.ts';

const pollMs = 5;
/** A killed process is gone as soon as the kernel lets it. */
const goneWithinMs = 10_000;

/** To the whole group of each instance, and so also to its children. What follows is the supervisor's ordinary work. */
export const signalFault: LocalFault<Of<'signal'>> = {
  obstacle: async () => undefined,
  inject: async ({ what, processes }, { supervision }, signal) => {
    const { clock } = supervision.platform;
    for (const { pid, identity } of processes) {
      if ((await identityOf(pid)) === identity) signalGroup(pid, what.signal);
    }
    if (what.signal !== 'SIGKILL') return;
    const deadline = clock.monotonic() + goneWithinMs;
    for (const { pid, identity, instance } of processes) {
      while ((await identityOf(pid)) === identity) {
        if (clock.monotonic() > deadline) throw new Error(`${instance} does not end on SIGKILL`);
        await clock.sleep(pollMs, signal);
      }
    }
  },
  revert: async () => 'gone',
};

import type { Platform } from '../../../platform/platform.ts';
import { openSession } from '../session.ts';
import { readState } from '../state.ts';
import type { AgentSpec, Work } from './spec.ts';

/** The supervisor's own timer comes first, where there is a supervisor. */
const afterSupervisorMs = 1_000;

/**
 * For what only a supervisor can undo. When the time is over and the fault is still written down, it asks the supervisor to
 * revert it; where none runs any more, that starts one, which reverts what was left.
 */
export function watchWork({ id, stateFolder }: AgentSpec, platform: Platform): Work {
  return {
    begin: async () => {},
    undo: async (ending, told) => {
      if (ending !== 'time is over') return;
      await platform.clock.sleep(afterSupervisorMs, told).catch(() => {});
      // The supervisor is at it, and waits for us to end.
      if (told.aborted) return;
      const state = await readState(platform.files, stateFolder);
      if (!state.faults.some((fault) => fault.id === id)) return;
      const session = openSession(platform, stateFolder);
      try {
        await session.call('fault.revert', { id }, { signal: told });
      } catch (error) {
        if (!told.aborted) throw error;
      } finally {
        session.close();
      }
    },
  };
}

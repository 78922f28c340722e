import type { Clock } from '../../../platform/clock.ts';
import { freeze, thaw } from '../freeze.ts';
import type { StoredProcess } from '../state.ts';
import type { Work } from './spec.ts';

export function pauseWork(processes: readonly StoredProcess[], clock: Clock): Work {
  return {
    begin: async (signal) => {
      for (const one of processes) await freeze(one, clock, signal);
    },
    undo: async () => {
      for (const one of processes) await thaw(one, clock);
    },
  };
}

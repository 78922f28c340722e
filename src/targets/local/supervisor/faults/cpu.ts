import { endAgent, startAgent, usedBy } from './agents.ts';
import type { LocalFault, Of } from './kind.ts';

/** More threads than this tell nothing more, and take the machine. */
const mostWorkers = 256;

export const cpuFault: LocalFault<Of<'cpu'>> = {
  obstacle: async ({ workers, load }) => {
    if (!Number.isInteger(workers) || workers < 1 || workers > mostWorkers) {
      return `${workers} workers: 1 to ${mostWorkers} are allowed`;
    }
    return load > 0 && load <= 1 ? undefined : `a load of ${load}: above 0 and up to 1 is allowed`;
  },
  inject: (fault, scene, signal) => {
    const { workers, load } = fault.what;
    return startAgent(fault, { kind: 'cpu', workers, load }, { scene, signal });
  },
  revert: async (fault, scene) => ((await endAgent(fault, scene)) === 'ended' ? 'reverted' : 'gone'),
  counts: async (fault, scene) => ({ cpuMs: (await usedBy(fault, scene))?.cpuMs }),
};

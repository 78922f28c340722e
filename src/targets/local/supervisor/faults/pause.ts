import { thaw } from '../../freeze.ts';
import { endAgent, startAgent } from './agents.ts';
import type { LocalFault, Of } from './kind.ts';

/** The agent freezes the processes itself, so that there is no moment at which they are frozen and nobody would wake them. */
export const pauseFault: LocalFault<Of<'pause'>> = {
  obstacle: async () => undefined,
  inject: (fault, scene, signal) =>
    startAgent(fault, { kind: 'pause', processes: fault.processes }, { scene, signal }),
  revert: async (fault, scene) => {
    await endAgent(fault, scene);
    const { clock } = scene.supervision.platform;
    const ends = await Promise.all(fault.processes.map((one) => thaw(one, clock)));
    return ends.includes('thawed') ? 'reverted' : 'gone';
  },
};

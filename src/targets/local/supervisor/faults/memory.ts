import { memoryRoom } from '../../../../platform/machine.ts';
import { endAgent, startAgent, usedBy } from './agents.ts';
import type { LocalFault, Of } from './kind.ts';
import { mebibytes, memoryReserve } from './reserve.ts';

export const memoryFault: LocalFault<Of<'memory'>> = {
  obstacle: async ({ bytes }) => {
    const room = memoryRoom();
    const left = room.freeBytes - bytes;
    if (!(bytes > 0)) return `${bytes} bytes cannot be taken`;
    if (left >= memoryReserve(room.totalBytes)) return undefined;
    return `${mebibytes(bytes)} of the ${mebibytes(room.freeBytes)} that are available would leave less than ${mebibytes(memoryReserve(room.totalBytes))} for everybody else`;
  },
  inject: (fault, scene, signal) =>
    startAgent(fault, { kind: 'memory', bytes: fault.what.bytes }, { scene, signal }),
  revert: async (fault, scene) => ((await endAgent(fault, scene)) === 'ended' ? 'reverted' : 'gone'),
  counts: async (fault, scene) => ({ memoryBytes: (await usedBy(fault, scene))?.memoryBytes }),
};

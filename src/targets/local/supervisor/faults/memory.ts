import { memoryRoom, type Room } from '../../../../platform/machine.ts';
import { endAgent, startAgent, usedBy } from './agents.ts';
import type { LocalFault, Of } from './kind.ts';
import { mebibytes, memoryReserve } from './reserve.ts';

export const memoryFault: LocalFault<Of<'memory'>> = {
  obstacle: async (what) => {
    const room = memoryRoom();
    const bytes = bytesOf(what, room);
    const left = room.freeBytes - bytes;
    if (!(bytes > 0)) return `${bytes} bytes cannot be taken`;
    if (left >= memoryReserve(room.totalBytes)) return undefined;
    return `${mebibytes(bytes)} of the ${mebibytes(room.freeBytes)} that are available would leave less than ${mebibytes(memoryReserve(room.totalBytes))} for everybody else`;
  },
  inject: (fault, scene, signal) =>
    startAgent(fault, { kind: 'memory', bytes: bytesOf(fault.what, memoryRoom()) }, { scene, signal }),
  revert: async (fault, scene) => ((await endAgent(fault, scene)) === 'ended' ? 'reverted' : 'gone'),
  counts: async (fault, scene) => ({ memoryBytes: (await usedBy(fault, scene))?.memoryBytes }),
};

/** How much is to be taken now. */
const bytesOf = ({ bytes, share = 0 }: Of<'memory'>, { freeBytes }: Room): number =>
  bytes ?? Math.floor(share * freeBytes);

import { join } from 'node:path';
import { largestSlowBytes, occupiedBytes } from '../../../../platform/disk.ts';
import { faultKey } from '../../paths.ts';
import { endAgent, startAgent } from './agents.ts';
import type { LocalFault, Of, Placed, Scene } from './kind.ts';
import { fillingOf } from './reserve.ts';
import { dataRoom } from './room.ts';

type Slow = Of<'disk-slow'>;

/** Each writes at once what the disk can take; a few keep any disk busy. */
const mostWorkers = 64;

export const diskSlowFault: LocalFault<Slow> = {
  obstacle: async ({ workers, component }, { supervision }) => {
    if (!Number.isInteger(workers) || workers < 1 || workers > mostWorkers) {
      return `${workers} workers: 1 to ${mostWorkers} are allowed`;
    }
    const room = await dataRoom(component, supervision);
    const filling = fillingOf({ bytes: workers * largestSlowBytes, leaveBytes: undefined }, room);
    return 'obstacle' in filling ? filling.obstacle : undefined;
  },
  inject: (fault, scene, signal) =>
    startAgent(fault, { kind: 'disk-slow', files: filesOf(fault, scene) }, { scene, signal }),
  revert: async (fault, scene) => {
    const ended = await endAgent(fault, scene);
    const { files } = scene.supervision.platform;
    for (const file of filesOf(fault, scene)) await files.remove(file);
    return ended === 'ended' ? 'reverted' : 'gone';
  },
  counts: async (fault, scene) => {
    const sizes = await Promise.all(filesOf(fault, scene).map(occupiedBytes));
    return { diskBytes: sizes.reduce((sum, size) => sum + size, 0) };
  },
};

function filesOf({ id, what }: Placed<Slow>, { supervision }: Scene): string[] {
  const folder = supervision.paths.data(what.component);
  return Array.from({ length: what.workers }, (_, index) =>
    join(folder, `.cutover-fault-${faultKey(id)}-${index + 1}`),
  );
}

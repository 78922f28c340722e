import { join } from 'node:path';
import { occupiedBytes } from '../../../../platform/disk.ts';
import { UserError } from '../../../../platform/errors.ts';
import { faultKey } from '../../paths.ts';
import { endAgent, startAgent } from './agents.ts';
import type { LocalFault, Of, Placed, Scene } from './kind.ts';
import { type Filling, fillingOf } from './reserve.ts';
import { dataRoom } from './room.ts';

type Fill = Of<'disk-fill'>;

export const diskFillFault: LocalFault<Fill> = {
  obstacle: async (what, scene) => {
    const filling = await fillingFor(what, scene);
    return 'obstacle' in filling ? filling.obstacle : undefined;
  },
  inject: async (fault, scene, signal) => {
    const filling = await fillingFor(fault.what, scene);
    if ('obstacle' in filling) throw new UserError(filling.obstacle);
    const task = { kind: 'disk-fill', file: fileOf(fault, scene), ...filling } as const;
    await startAgent(fault, task, { scene, signal });
  },
  revert: async (fault, scene) => {
    const file = fileOf(fault, scene);
    const ended = await endAgent(fault, scene);
    const { files } = scene.supervision.platform;
    const left = await files.exists(file);
    if (left) await files.remove(file);
    return left || ended === 'ended' ? 'reverted' : 'gone';
  },
  counts: async (fault, scene) => ({ diskBytes: await occupiedBytes(fileOf(fault, scene)) }),
};

const fileOf = ({ id, what }: Placed<Fill>, { supervision }: Scene): string =>
  join(supervision.paths.data(what.component), `.cutover-fault-${faultKey(id)}`);

async function fillingFor(what: Fill, { supervision }: Scene): Promise<Filling> {
  return fillingOf(what, await dataRoom(what.component, supervision));
}

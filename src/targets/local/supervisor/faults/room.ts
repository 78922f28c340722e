import { diskRoom, type Room } from '../../../../platform/machine.ts';
import type { Supervision } from '../supervision.ts';

/** What can be written to a component's data folder; it is made with the first process. */
export async function dataRoom(component: string, { paths, platform }: Supervision): Promise<Room> {
  const folder = paths.data(component);
  return diskRoom((await platform.files.exists(folder)) ? folder : paths.stateFolder);
}

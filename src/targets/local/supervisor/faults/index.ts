import type { LocalDisturbance } from '../../disturbances.ts';
import { cpuFault } from './cpu.ts';
import { diskFillFault } from './disk-fill.ts';
import { diskSlowFault } from './disk-slow.ts';
import { downFault } from './down.ts';
import type { LocalFault, Of } from './kind.ts';
import { memoryFault } from './memory.ts';
import { networkFault } from './network.ts';
import { pauseFault } from './pause.ts';
import { restartFault } from './restart.ts';
import { signalFault } from './signal.ts';

/** How each kind is done here. */
const kinds: { readonly [K in LocalDisturbance]: LocalFault<Of<K>> } = {
  signal: signalFault,
  pause: pauseFault,
  restart: restartFault,
  down: downFault,
  network: networkFault,
  cpu: cpuFault,
  memory: memoryFault,
  'disk-fill': diskFillFault,
  'disk-slow': diskSlowFault,
};

/** The kind of a disturbance, which it is only given disturbances of; undefined for one of a later version. */
export const kindOf = (kind: string): LocalFault | undefined =>
  Object.hasOwn(kinds, kind) ? (kinds[kind as LocalDisturbance] as LocalFault) : undefined;

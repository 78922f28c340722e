import { plural } from '../report/format.ts';
import type { FaultReading } from '../targets/fault.ts';
import type { Instance } from '../targets/target.ts';

/** How a colour stands: what the target says of its instances, and what it sees of their processes. */
export interface Snapshot {
  instances: readonly Instance[];
  reading: FaultReading;
}

/**
 * What is not as it was before the fault, purely; undefined: nothing. An instance may have another name now, where
 * what supervises it makes new ones; there must be as many, as ready as before, and none of them frozen.
 */
export function differenceIn(before: Snapshot, now: Snapshot): string | undefined {
  const frozen = now.reading.instances.filter(({ process }) => process === 'stopped');
  if (frozen.length > 0) return `${frozen.map(({ id }) => id).join(', ')} still stopped`;
  const [was, is] = [readyIn(before), readyIn(now)];
  if (is.length >= was.length) return undefined;
  const bad = now.instances.find(({ status }) => status !== 'ready');
  const detail = bad ? `: ${bad.id} is ${bad.status}${bad.detail ? ` (${bad.detail})` : ''}` : '';
  return `${is.length} of ${plural(was.length, 'instance')} ready${detail}`;
}

const readyIn = ({ instances }: Snapshot): readonly Instance[] =>
  instances.filter(({ status }) => status === 'ready');

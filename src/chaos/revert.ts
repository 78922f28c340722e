import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors.ts';
import type { FaultControl, Reverted } from '../targets/fault.ts';

/** How the end of one fault went. */
export type Ended =
  | { ended: Reverted; revertedAt: number; ms: number }
  /** It may be there still; the target's own timer ends it. */
  | { ended: 'unknown'; why: string };

/** A target that does not answer must not keep the next fault from being ended. */
const mostRevertMs = 4_000;

/**
 * Ends one fault and looks whether it has: the target verifies it, and no longer lists it. Needs no lease. Never rejects.
 */
export async function endFault(
  { faults, clock }: { faults: FaultControl; clock: Clock },
  id: string,
): Promise<Ended> {
  const began = clock.monotonic();
  try {
    const ended = await inTime(clock, endAndLook(faults, id));
    return { ended, revertedAt: clock.now(), ms: clock.monotonic() - began };
  } catch (error) {
    return { ended: 'unknown', why: messageOf(error) };
  }
}

async function endAndLook(faults: FaultControl, id: string): Promise<Reverted> {
  const ended = await faults.revert(id);
  const active = await faults.active();
  if (active.some((fault) => fault.id === id)) throw new Error(`the target still lists ${id}`);
  return ended;
}

async function inTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = clock.sleep(mostRevertMs, over.signal).then(() => {
    throw new Error(`the target did not answer within ${mostRevertMs / 1000} s`);
  });
  late.catch(() => {}); // Ends by `over` when the work was in time.
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort(new Error('in time'));
  }
}

import type { Clock } from '../platform/clock.ts';
import { messageOf, UserError } from '../platform/errors.ts';
import type { FaultControl } from '../targets/fault.ts';
import { acquireLease } from '../targets/lease.ts';
import { LeaseHeld, type Target } from '../targets/target.ts';
import { clearChaosJournal, readChaosJournal } from './journal.ts';
import { endFault } from './revert.ts';

/** A fault that an earlier run left behind, or that another run has going. */
export interface StaleFault {
  id: string;
  /** `kill of gateway (blue)`, as far as it is known. */
  what: string;
  /** Milliseconds since 1970 at which the target ends it by itself. */
  until: number;
  /** Whether the target has it now; else only the journal knows of it. */
  active: boolean;
}

type Holder = Pick<Target, 'journal' | 'faults' | 'lease'>;

/** In the order in which they began. Changes nothing. */
export async function staleFaults(
  target: Pick<Target, 'journal' | 'faults'>,
): Promise<readonly StaleFault[]> {
  const journalled = (await readChaosJournal(target.journal))?.faults ?? [];
  const active = (await target.faults?.active()) ?? [];
  const known = new Set(journalled.map(({ id }) => id));
  return [
    ...journalled.map(({ id, kind, component, color, until }) => ({
      id,
      what: `${kind} of ${component} (${color})`,
      until,
      active: active.some((fault) => fault.id === id),
    })),
    ...active
      .filter(({ id }) => !known.has(id))
      .map(({ id, what, until }) => ({ id, what: what.kind, until, active: true })),
  ];
}

export interface RevertedFault {
  id: string;
  what: string;
  /** gone: there was nothing left to undo. left: it could not be ended. */
  outcome: 'reverted' | 'gone' | 'left';
  detail: string;
}

export interface RevertRequest {
  target: Holder;
  clock: Clock;
  /** Of a lease that the caller holds; undefined: it is acquired here for the journal. */
  token: number | undefined;
  holder: string;
  signal: AbortSignal;
}

/**
 * Ends every fault that is left, from the last to the first, verifies that each is gone, and empties the journal. What
 * `cutover chaos revert` does. Ending a fault needs no lease and waits for nobody; the journal is emptied under one.
 * @throws UserError when a fault could not be ended, or when a run that is alive has them going
 */
export async function revertStale(request: RevertRequest): Promise<readonly RevertedFault[]> {
  const { target, clock } = request;
  const stale = await staleFaults(target);
  if (stale.length === 0) return [];
  const ended: RevertedFault[] = [];
  for (const fault of stale.toReversed()) ended.push(await endStale(target.faults, clock, fault));
  refuseLeft(ended);
  await emptyJournal(request);
  return ended;
}

async function endStale(
  faults: FaultControl | undefined,
  clock: Clock,
  { id, what }: StaleFault,
): Promise<RevertedFault> {
  if (!faults) return { id, what, outcome: 'left', detail: 'the target cannot end faults' };
  const end = await endFault({ faults, clock }, id);
  if (end.ended === 'unknown') return { id, what, outcome: 'left', detail: end.why };
  return { id, what, outcome: end.ended, detail: `verified after ${Math.round(end.ms)} ms` };
}

function refuseLeft(ended: readonly RevertedFault[]): void {
  const left = ended.filter(({ outcome }) => outcome === 'left');
  if (left.length === 0) return;
  const told = left.map(({ id, what, detail }) => `${what}, ${id}: ${detail}`).join('; ');
  throw new UserError(`${left.length} of ${ended.length} faults may be there still: ${told}`, {
    docs: 'docs/chaos.md#left-behind',
  });
}

async function emptyJournal({ target, clock, token, holder, signal }: RevertRequest): Promise<void> {
  if (token !== undefined) return clearChaosJournal(target.journal, token);
  const lease = await acquireLease({ target, clock, holder, signal }).catch((error: unknown) => {
    if (!(error instanceof LeaseHeld)) throw error;
    throw new UserError(`the faults are gone, but the run that made them is alive: ${messageOf(error)}`, {
      docs: 'docs/chaos.md#left-behind',
    });
  });
  try {
    await clearChaosJournal(target.journal, lease.token);
  } finally {
    await lease.release();
  }
}

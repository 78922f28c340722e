import type { Disturbance } from '../targets/fault.ts';
import { faultAsked } from './hold.ts';
import { snapshotOf } from './inject.ts';
import { isStable, limitsOf, recoveryOf, type Timeline, windowMs } from './recovery.ts';
import { differenceIn } from './restored.ts';
import type { Experiment } from './schema.ts';
import type { Trial } from './trial.ts';

const pollMs = 100;

/**
 * Waits until traffic is stable and every instance is as it was, at most until it could not begin within `recovery.within` any more. Notes how long it took,
 * and for each fault what is not as it was.
 */
export async function awaitRecovery(trial: Trial): Promise<void> {
  const { session, experiment } = trial;
  const { clock } = session.request.platform;
  const until = clock.monotonic() + longestWait(experiment);
  for (;;) {
    const stable = isStable(timelineOf(trial));
    if (stable) await noteDifferences(trial);
    const isOver = clock.monotonic() >= until;
    if (isOver && !stable) await noteDifferences(trial);
    if (isOver || (stable && trial.injected.every(({ left }) => left === undefined))) break;
    await clock.sleep(pollMs, session.signal);
  }
  trial.recovery = recoveryOf(timelineOf(trial));
}

/** The first of the good windows begins within that time; the last is known once its requests are answered or timed out. */
function longestWait({ recovery, traffic }: Experiment): number {
  return recovery.within + recovery.stable * windowMs + traffic.timeout;
}

/** One look; what is known to be left of a fault that could not be ended stays. */
export async function noteDifferences(trial: Trial): Promise<void> {
  await Promise.all(
    trial.injected.map(async (entry) => {
      if (entry.revertedAt === undefined) return;
      const difference = differenceIn(entry.before, await snapshotOf(trial.session, entry.fault));
      if (difference === undefined) delete entry.left;
      else entry.left = difference;
    }),
  );
}

function timelineOf(trial: Trial): Timeline {
  const { session, experiment, traffic, goneAt } = trial;
  const goneMs = goneAt === undefined ? undefined : traffic.at(goneAt);
  const held = trial.injected.some(({ fault }) => isHeld(fault.what));
  return {
    windows: traffic.windows,
    faultMs: traffic.at(faultAsked(trial)),
    goneMs,
    heldMs: held ? goneMs : undefined,
    limits: limitsOf(session.request.slo, experiment),
    stable: experiment.recovery.stable,
  };
}

/** Whether there is anything to undo: a signal, or a restart as it was, is over at once. */
function isHeld(what: Disturbance): boolean {
  if (what.kind === 'restart') return what.lie !== undefined || Object.keys(what.env).length > 0;
  return what.kind !== 'signal';
}

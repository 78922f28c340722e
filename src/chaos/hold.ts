import { breachWatch } from './abort.ts';
import { answersPerSecond } from './gates.ts';
import type { Trial } from './trial.ts';

/**
 * Lets the faults last for `for`, or until `abort-on` is met, which `trial.breach` tells.
 * @throws the signal's reason when the run is cancelled
 */
export async function holdFaults(trial: Trial): Promise<void> {
  const { session, experiment, traffic } = trial;
  const { clock, emit } = session.request.platform;
  const over = new AbortController();
  const stopListening = await listenForBreach(trial, over);
  const signal = AbortSignal.any([session.signal, over.signal]);
  const until = clock.monotonic() + experiment.for;
  try {
    for (let left = experiment.for; left > 0; left = until - clock.monotonic()) {
      const text = trial.planned.map(({ kind }) => kind.kind).join(', ');
      emit({
        type: 'progress',
        step: experiment.name,
        done: experiment.for - left,
        total: experiment.for,
        text,
      });
      await clock.sleep(Math.min(left, 1_000), signal);
    }
  } catch (error) {
    if (!trial.breach || session.signal.aborted) throw error;
    session.note('warning', 'abort-on', `${experiment.name}: ${trial.breach.reason}; the fault is ended`);
  } finally {
    stopListening();
  }
  if (traffic.windows.length === 0)
    session.note('warning', 'no-data', `${experiment.name}: no traffic was measured`);
}

async function listenForBreach(trial: Trial, over: AbortController): Promise<() => void> {
  const { experiment, traffic } = trial;
  if (!experiment.abortOn) return () => {};
  const watch = breachWatch(experiment.abortOn, answersPerSecond(await traffic.section('before')));
  const from = traffic.at(faultAsked(trial));
  return traffic.listen((window) => {
    if (trial.breach || window.startMs < from) return;
    trial.breach = watch(window);
    if (trial.breach) over.abort(new Error(trial.breach.reason));
  });
}

/** Milliseconds since 1970 at which the first fault was asked for. */
export const faultAsked = ({ injected }: Trial): number =>
  Math.min(...injected.map(({ askedAt }) => askedAt));

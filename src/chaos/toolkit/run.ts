import { Cancelled } from '../../platform/errors.ts';
import type { ChaosOutcome, ChaosRequest } from '../request.ts';
import { inSession } from '../run.ts';
import type { Ending, Session } from '../session.ts';
import type { Activity } from './activity.ts';
import { conclude, journalIn, recordIn } from './conclude.ts';
import { perform, type Stage } from './perform.ts';
import { Play } from './play.ts';
import { previewToolkit } from './preview.ts';
import type { ToolkitExperiment } from './read.ts';

export interface ToolkitRequest extends ChaosRequest {
  experiment: ToolkitExperiment;
  /** Which colour functions about instances mean. */
  aim: 'live' | 'standby';
}

export interface ToolkitOutcome extends ChaosOutcome {
  /** In the form of Chaos Toolkit's own; undefined: nothing was done. */
  journal: unknown;
}

/** So long an interrupted run has for its rollbacks, in milliseconds. */
const partingMs = 4_000;

/**
 * Runs an experiment of Chaos Toolkit: the hypothesis, the method, the hypothesis again, and the rollbacks, which are run
 * whatever happens. Rejects only with bugs and with what keeps the target from being reached.
 */
export async function runToolkit(request: ToolkitRequest): Promise<ToolkitOutcome> {
  let journal: unknown;
  const outcome = await inSession(request, {
    plan: (session) => previewToolkit(session, request),
    run: async (session) => {
      const play = new Play(session, request);
      const ending = await played(play);
      journal = journalIn(play);
      return ending;
    },
  });
  return { ...outcome, journal };
}

async function played(play: Play): Promise<Ending> {
  try {
    await provoked(play);
  } catch (error) {
    if (!isInterruption(play.session, error)) play.aborted = error;
  }
  play.isInterrupted = play.session.request.signal.aborted;
  await rollBack(play);
  play.isInterrupted ||= play.session.request.signal.aborted;
  const record = recordIn(play);
  play.session.records.push(record);
  if (play.aborted !== undefined) throw play.aborted;
  return conclude(play);
}

const isInterruption = ({ request }: Session, error: unknown): boolean =>
  request.signal.aborted || error instanceof Cancelled;

/** Nothing is broken unless all is well before. */
async function provoked(play: Play): Promise<void> {
  if (!(await isSteady(play, 'before'))) return;
  await method(play);
  play.session.check();
  await isSteady(play, 'after');
}

/** The hypothesis as a gate: the first probe outside its tolerance ends it. True where there is none. */
async function isSteady(play: Play, stage: 'before' | 'after'): Promise<boolean> {
  const probes = play.experiment.hypothesis?.probes ?? [];
  if (probes.length === 0) return true;
  for (const activity of probes) {
    const { verdict } = await one(play, stage, activity);
    play.session.check();
    play.steady[stage] = verdict === 'passed';
    if (verdict !== 'passed') return false;
  }
  return true;
}

function one(play: Play, stage: Stage, activity: Activity) {
  return perform(play, { stage, activity, signal: play.session.signal });
}

/** One after the other; what runs in the background is waited for at the end. */
async function method(play: Play): Promise<void> {
  const background: Promise<unknown>[] = [];
  try {
    for (const activity of play.experiment.method) {
      play.session.check();
      const doing = one(play, 'method', activity);
      if (activity.isBackground) background.push(doing.catch((error: unknown) => noteFailure(play, error)));
      else await doing;
    }
  } finally {
    await Promise.all(background);
  }
  if (play.aborted !== undefined) throw play.aborted;
}

function noteFailure(play: Play, error: unknown): void {
  if (!isInterruption(play.session, error)) play.aborted ??= error;
}

/** All of them, also those after one that failed; an interrupted run ends in time all the same. */
async function rollBack(play: Play): Promise<void> {
  const over = new AbortController();
  const cut = cutOff(play.session, over);
  const signal = over.signal;
  try {
    const doing = play.experiment.rollbacks.map(() => Promise.resolve());
    for (const [index, activity] of play.experiment.rollbacks.entries()) {
      const running = perform(play, { stage: 'rollback', activity, signal }).then(
        () => {},
        (error: unknown) => noteFailure(play, error),
      );
      doing[index] = running;
      if (!activity.isBackground) await running;
    }
    await Promise.all(doing);
  } finally {
    cut();
  }
}

/** Aborts `over` when the run has been interrupted for so long; call what it returns when that is no longer needed. */
function cutOff({ request }: Session, over: AbortController): () => void {
  const { signal, platform } = request;
  const done = new AbortController();
  const start = (): void => {
    platform.clock.sleep(partingMs, done.signal).then(
      () => over.abort(new Error('the run was interrupted')),
      () => {},
    );
  };
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  return () => {
    signal.removeEventListener('abort', start);
    done.abort(new Error('over'));
  };
}

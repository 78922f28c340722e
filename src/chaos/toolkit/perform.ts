import { messageOf } from '../../platform/errors.ts';
import type { Activity } from './activity.ts';
import { ActivityFailed, type Doing } from './deed.ts';
import { instantOf, type RunEntry } from './journal.ts';
import type { Play } from './play.ts';
import { type Judged, shown, within, withinProbe } from './tolerance/within.ts';

export type Stage = 'before' | 'method' | 'after' | 'rollback';

/** One activity that was performed. */
export interface Done {
  stage: Stage;
  activity: Activity;
  entry: RunEntry;
  verdict: 'passed' | 'failed' | 'inconclusive';
  /** What was seen; without secrets. */
  detail: string;
  /** Milliseconds since the experiment's start. */
  atMs: number;
}

interface Came {
  output: unknown;
  verdict: Done['verdict'];
  detail: string;
  isMet?: boolean;
}

/**
 * Performs one activity with its pauses and keeps how it went. One that fails is kept as failed.
 * @throws what is no failure of the activity: a lost lease, a bug
 */
export async function perform(
  play: Play,
  about: { stage: Stage; activity: Activity; signal: AbortSignal },
): Promise<Done> {
  const { stage, activity, signal } = about;
  const { clock } = play.session.request.platform;
  await pause(play, activity.pauses.beforeMs, signal);
  const [at, atMs] = [clock.now(), play.elapsedMs];
  const step = { step: `${stage}: ${activity.name}`, reason: activity.type };
  const came = await play.session.step(step, () => cameOf(activity, play.doing(signal)));
  const durationMs = play.elapsedMs - atMs;
  const entry = entryOf(about, came, { at, durationMs });
  const done = { stage, activity, entry, verdict: came.verdict, detail: play.redact(came.detail), atMs };
  play.done.push(done);
  if (came.verdict !== 'passed') play.session.note('warning', 'activity', `${step.step}: ${done.detail}`);
  await pause(play, activity.pauses.afterMs, signal);
  return done;
}

/** An interrupted run waits for nothing; whoever goes on looks at the signal. */
async function pause(play: Play, ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0 && !signal.aborted) await play.session.request.platform.clock.sleep(ms, signal).catch(() => {});
}

async function cameOf(activity: Activity, doing: Doing): Promise<Came> {
  try {
    if (doing.signal.aborted) throw new ActivityFailed('interrupted');
    const output = await activity.deed.act(doing);
    return await judged(activity, output, doing);
  } catch (error) {
    if (!(error instanceof ActivityFailed)) throw error;
    return { output: null, verdict: error.verdict, detail: messageOf(error) };
  }
}

/** A tolerance decides, wherever it stands; without one an action has to have done what it should, and a probe has seen what it has. */
async function judged({ deed, tolerance, type }: Activity, output: unknown, doing: Doing): Promise<Came> {
  if (tolerance) {
    const { met, detail } = await judge(tolerance, output, doing);
    return { output, verdict: met ? 'passed' : 'failed', detail, isMet: met };
  }
  const problem = type === 'action' ? deed.failure?.(output) : undefined;
  return { output, verdict: problem === undefined ? 'passed' : 'failed', detail: problem ?? shown(output) };
}

function judge(
  tolerance: NonNullable<Activity['tolerance']>,
  output: unknown,
  doing: Doing,
): Judged | Promise<Judged> {
  return tolerance.kind === 'probe' ? withinProbe(tolerance, doing, output) : within(tolerance, output);
}

const mostOutput = 64 * 1024;

/** A probe that answered has succeeded, also where its answer is outside its tolerance. */
function entryOf(
  { stage, activity }: { stage: Stage; activity: Activity },
  { output, verdict, detail, isMet }: Came,
  { at, durationMs }: { at: number; durationMs: number },
): RunEntry {
  const isOfHypothesis = stage === 'before' || stage === 'after';
  const hasSucceeded = verdict === 'passed' || isMet === false;
  return {
    activity: activity.written,
    output: cut(output),
    start: instantOf(at),
    status: hasSucceeded ? 'succeeded' : 'failed',
    ...(hasSucceeded ? {} : { exception: [`chaoslib.exceptions.ActivityFailed: ${detail}\n`] }),
    end: instantOf(at + durationMs),
    duration: durationMs / 1_000,
    ...(isOfHypothesis ? { tolerance_met: isMet ?? false } : {}),
  };
}

/** No program's output may make the journal too large to be read. */
function cut(output: unknown): unknown {
  if (typeof output === 'string')
    return output.length <= mostOutput ? output : `${output.slice(0, mostOutput)}…`;
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return output;
  return Object.fromEntries(Object.entries(output).map(([key, value]) => [key, cut(value)]));
}

import { type Verdict, worst } from '../../platform/verdict.ts';
import { plural } from '../../report/format.ts';
import type { CheckRecord, ExperimentRecord } from '../../report/proof.ts';
import { revertCommand } from '../journal.ts';
import type { Ending } from '../session.ts';
import { type JournalParts, journalOf, type SteadyState } from './journal.ts';
import type { Done, Stage } from './perform.ts';
import type { Play } from './play.ts';

type Played = Pick<Play, 'done' | 'faults' | 'steady' | 'isInterrupted' | 'aborted'>;

const places: Readonly<Record<Stage, string>> = {
  before: 'before the method',
  method: 'in the method',
  after: 'after the method',
  rollback: 'in the rollbacks',
};

/** The verdict over all activities and faults, and the first reason for it. Pure. */
export function conclude(play: Played): Ending {
  const { done, faults } = play;
  if (play.isInterrupted) return interrupted(play);
  const parts: Ending[] = [
    ...done.filter(({ verdict }) => verdict !== 'passed').map(badly),
    ...faults.flatMap(({ id, left }) =>
      left === undefined ? [] : [{ verdict: 'failed' as const, reason: `${id} ${left}` }],
    ),
  ];
  const verdict = worst([...parts.map((part) => part.verdict), ...shownBy(done)]);
  if (verdict === 'passed') return { verdict, reason: held(play) };
  const nothing = 'nothing was checked: there is no steady-state hypothesis, and no tolerance in the method';
  return { verdict, reason: parts.find((part) => part.verdict === verdict)?.reason ?? nothing };
}

const badly = ({ stage, activity, verdict, detail }: Done): Ending => ({
  verdict,
  reason: `${places[stage]}, ${activity.name}: ${detail}`,
});

/** What was compared with something. Without any of it the run says nothing. */
const shownBy = (done: readonly Done[]): readonly Verdict[] =>
  done
    .filter(({ activity, stage }) => activity.tolerance && stage !== 'before')
    .map(({ verdict }) => verdict);

function interrupted({ done, faults }: Played): Ending {
  const left = faults.some((fault) => fault.left !== undefined);
  const failed = done.filter(({ stage, verdict }) => stage === 'rollback' && verdict !== 'passed');
  const rollbacks =
    failed.length === 0
      ? 'its rollbacks were run'
      : `of its rollbacks failed: ${failed.map(({ activity }) => activity.name).join(', ')}`;
  const faultsTold = left ? `look with: ${revertCommand}` : 'no fault is left';
  return { verdict: 'cancelled', reason: `cancelled; ${rollbacks}; ${faultsTold}` };
}

function held({ done, faults }: Played): string {
  const checked = done.filter(({ activity }) => activity.tolerance).length;
  const broken = faults.length === 0 ? '' : `, ${plural(faults.length, 'fault')} seen to happen`;
  return `${plural(checked, 'check')} within tolerance${broken}`;
}

/** The experiment for the record: a check for each probe of the hypothesis, and for what else failed or has a tolerance. */
export function recordIn(play: Play): ExperimentRecord {
  const { experiment, steady, aim, startedAt, elapsedMs, faults, done, aborted } = play;
  const ending =
    aborted === undefined ? conclude(play) : { verdict: 'failed' as const, reason: String(aborted) };
  return {
    name: play.redact(experiment.title),
    aim,
    verdict: ending.verdict,
    reason: play.redact(ending.reason),
    startedAt,
    durationMs: elapsedMs,
    ...(steady.before === undefined ? {} : { steadyBefore: steady.before ? 'passed' : 'failed' }),
    ...(steady.after === undefined ? {} : { steadyAfter: steady.after ? 'passed' : 'failed' }),
    faults,
    gates: [],
    checks: done.filter(({ activity, verdict }) => activity.tolerance || verdict !== 'passed').map(checkOf),
  };
}

function checkOf({ stage, activity, verdict, detail, entry, atMs }: Done): CheckRecord {
  return {
    name: `${stage}: ${activity.name}`,
    kind: activity.deed.kind,
    verdict,
    ...(verdict === 'failed' ? { finding: 'unhealthy' as const } : {}),
    detail,
    attempts: 1,
    atMs,
    durationMs: entry.duration * 1_000,
  };
}

/** The journal of what was done. */
export function journalIn(play: Play): unknown {
  const { experiment, startedAt, elapsedMs, redact } = play;
  const entries = (stage: Stage) => play.of(stage).map(({ entry }) => entry);
  const state = (stage: 'before' | 'after'): SteadyState | undefined => {
    const met = play.steady[stage];
    return met === undefined ? undefined : { steady_state_met: met, probes: entries(stage) };
  };
  return journalOf(
    {
      experiment: experiment.written,
      startedAt,
      endedAt: startedAt + elapsedMs,
      durationMs: elapsedMs,
      status: statusOf(play),
      before: state('before'),
      after: state('after'),
      run: entries('method'),
      rollbacks: entries('rollback'),
    },
    redact,
  );
}

/** `failed`: an activity could not be done; an answer outside of a tolerance is `deviated`, not this. */
function statusOf({ isInterrupted, aborted, done }: Played): JournalParts['status'] {
  if (isInterrupted) return 'interrupted';
  if (aborted !== undefined) return 'aborted';
  return done.some(({ entry }) => entry.status === 'failed') ? 'failed' : 'completed';
}

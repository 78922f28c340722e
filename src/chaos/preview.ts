import type { TargetKind } from '../config/model.ts';
import { worst } from '../platform/verdict.ts';
import { percent, plural } from '../report/format.ts';
import type { ExperimentRecord } from '../report/proof.ts';
import { plannedRecord } from './conclude.ts';
import { blastOf } from './guards.ts';
import { describeFault, planInput } from './inject.ts';
import { revertCommand } from './journal.ts';
import { targetObstacles } from './obstacles.ts';
import { stepsOf } from './order.ts';
import { type PlannedFault, planExperiment } from './plan.ts';
import type { Experiment } from './schema.ts';
import type { Ending, Session } from './session.ts';
import { staleFaults } from './stale.ts';

/** Says what each experiment would hit, how much of it, and what stands against it. Changes nothing. */
export async function preview(session: Session): Promise<Ending> {
  const stale = await staleFaults(session.target);
  if (stale.length > 0) {
    session.note(
      'error',
      'fault-left',
      `${plural(stale.length, 'fault')} of an earlier run may be there still: ${revertCommand}`,
    );
  }
  for (const step of stepsOf(session.request.experiments)) {
    for (const experiment of step) session.records.push(await previewOne(session, experiment));
  }
  const verdict = worst([
    ...session.records.map((record) => record.verdict),
    ...(stale.length > 0 ? (['failed'] as const) : []),
  ]);
  if (verdict === 'passed')
    return {
      verdict,
      reason: `${plural(session.records.length, 'experiment')} can be run; nothing was changed`,
    };
  const bad = session.records.find((record) => record.verdict !== 'passed');
  const reason = bad ? `${bad.name}: ${bad.reason}` : 'there is no experiment';
  return {
    verdict,
    reason: stale.length > 0 ? `faults of an earlier run are left: ${revertCommand}` : reason,
  };
}

async function previewOne(session: Session, experiment: Experiment): Promise<ExperimentRecord> {
  const { name, aim } = experiment;
  const { faults, obstacles } = planExperiment(experiment, await planInput(session));
  const against = [...obstacles, ...(await targetObstacles(session.target, faults))].map(
    ({ reason }) => reason,
  );
  const planned = faults.map((fault) => ({ fault, reason: wouldBe(session, experiment, fault) }));
  for (const { fault, reason } of planned) {
    session.pass({ step: name, component: fault.aim.component.name, reason });
  }
  for (const reason of against) session.note('warning', 'obstacle', `${name}: ${reason}`);
  return {
    name,
    aim,
    verdict: against.length === 0 ? 'passed' : 'inconclusive',
    reason: against.length === 0 ? faults.map(describeFault).join(', ') : against.join('; '),
    startedAt: session.request.platform.clock.now(),
    durationMs: 0,
    faults: planned.map(({ fault, reason }) => plannedRecord(fault, `planned: ${reason}`)),
    gates: [],
    checks: [],
  };
}

/** `kill of gateway/green-1, 33.3 % of green, for 10 s; the supervisor signals the process; permission: none`. */
function wouldBe(session: Session, experiment: Experiment, fault: PlannedFault): string {
  const { aim, hit, kind } = fault;
  const blast = percent(blastOf({ all: aim.all.map(({ id }) => id), hits: [hit] }));
  const support = kind.support[session.target.kind as TargetKind];
  const how = support ? `; ${support.how}; permission: ${support.permission}` : '';
  const fallback = support?.fallback ? `; else: ${support.fallback}` : '';
  return `${describeFault(fault)}, ${blast} of ${aim.color}, for ${experiment.for / 1000} s${how}${fallback}`;
}

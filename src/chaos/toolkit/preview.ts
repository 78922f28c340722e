import { worst } from '../../platform/verdict.ts';
import { plural } from '../../report/format.ts';
import type { FaultRecord } from '../../report/proof.ts';
import { plannedRecord } from '../conclude.ts';
import { describeFault, planInput } from '../inject.ts';
import { targetObstacles } from '../obstacles.ts';
import type { Ending, Session } from '../session.ts';
import { staleFaults } from '../stale.ts';
import type { Activity } from './activity.ts';
import { planKill } from './kill-plan.ts';
import type { Stage } from './perform.ts';
import { redactor } from './redact.ts';
import type { ToolkitRequest } from './run.ts';

/** Says what would be done, what would be hit, and what stands against it. Changes nothing. */
export async function previewToolkit(session: Session, request: ToolkitRequest): Promise<Ending> {
  const { title, secrets } = request.experiment;
  const redact = redactor(secrets);
  const faults: FaultRecord[] = [];
  const against = (await staleFaults(session.target)).map(
    ({ what, id }) => `${what} of an earlier run is left (${id})`,
  );
  for (const [stage, activity] of activitiesIn(request)) {
    session.pass({ step: `${stage}: ${activity.name}`, reason: redact(describe(activity)) });
    against.push(...(await previewKill(session, { request, activity, faults })));
  }
  for (const reason of against) session.note('warning', 'obstacle', reason);
  const verdict = against.length === 0 ? 'passed' : 'inconclusive';
  const reason =
    against[0] ?? `${plural(activitiesIn(request).length, 'step')} would be done; nothing was changed`;
  const startedAt = session.startedAt;
  const record = {
    name: redact(title),
    aim: request.aim,
    verdict,
    reason,
    startedAt,
    durationMs: 0,
  } as const;
  session.records.push({ ...record, faults, gates: [], checks: [] });
  return { verdict: worst([verdict]), reason };
}

function activitiesIn({ experiment }: ToolkitRequest): readonly (readonly [Stage, Activity])[] {
  const { hypothesis, method, rollbacks } = experiment;
  const probes = hypothesis?.probes ?? [];
  const all: Readonly<Record<Stage, readonly Activity[]>> = {
    before: probes,
    method,
    after: probes,
    rollback: rollbacks,
  };
  return (['before', 'method', 'after', 'rollback'] as const).flatMap((stage) =>
    all[stage].map((activity) => [stage, activity] as const),
  );
}

function describe({ type, deed, pauses, isBackground, tolerance }: Activity): string {
  return [
    `${type}: ${deed.what}`,
    ...(pauses.beforeMs > 0 ? [`${pauses.beforeMs / 1_000} s before it`] : []),
    ...(pauses.afterMs > 0 ? [`${pauses.afterMs / 1_000} s after it`] : []),
    ...(isBackground ? ['in the background'] : []),
    ...(tolerance ? [`tolerance: ${tolerance.kind}`] : []),
  ].join(', ');
}

interface KillPreview {
  request: ToolkitRequest;
  activity: Activity;
  /** Those planned so far; what is found is added. */
  faults: FaultRecord[];
}

/** @returns what stands against it */
async function previewKill(
  session: Session,
  { request, activity, faults }: KillPreview,
): Promise<readonly string[]> {
  if (!activity.deed.kill) return [];
  const input = await planInput(session);
  const place = { title: request.experiment.title, earlier: faults.length, aim: request.aim, input };
  const plan = planKill(activity.deed.kill, place);
  faults.push(...plan.faults.map((fault) => plannedRecord(fault, 'planned')));
  for (const fault of plan.faults) session.pass({ step: activity.name, reason: describeFault(fault) });
  const all = [...plan.obstacles, ...(await targetObstacles(session.target, plan.faults))];
  return all.map(({ reason }) => `${activity.name}: ${reason}`);
}

import type { TargetKind } from '../config/model.ts';
import type { Target } from '../targets/target.ts';
import type { Obstacle, PlannedFault } from './plan.ts';

type Where = Pick<Target, 'kind' | 'faults'>;

/** What the target says against each fault; changes nothing. */
export async function targetObstacles(
  target: Where,
  planned: readonly PlannedFault[],
): Promise<readonly Obstacle[]> {
  const found = await Promise.all(planned.map((fault) => targetObstacle(target, fault)));
  return found.flatMap((reason) => (reason === undefined ? [] : [{ kind: 'target' as const, reason }]));
}

async function targetObstacle(
  { kind: target, faults }: Where,
  fault: PlannedFault,
): Promise<string | undefined> {
  const { kind, what } = fault;
  if (!faults) return `the target ${target} cannot break anything on purpose`;
  const support = kind.support[target as TargetKind];
  if (!support || !faults.kinds.includes(what.kind)) {
    const on = Object.keys(kind.support).join(', ');
    return `${kind.kind} cannot be done on ${target}; it can on: ${on || 'no target'}`;
  }
  const reason = await faults.obstacle(what);
  if (reason === undefined) return undefined;
  return `${kind.kind}: ${reason}${support.permission === 'none' ? '' : ` (needs ${support.permission})`}`;
}

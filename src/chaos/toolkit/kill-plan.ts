import type { FaultAim } from '../fault.ts';
import { faultKindOf } from '../faults/index.ts';
import { guard, type Hit } from '../guards.ts';
import type { ExperimentPlan, Obstacle, PlanInput, PlannedFault } from '../plan.ts';
import { numbersFrom } from '../seed.ts';
import { slugOf } from '../slug.ts';
import { type AimedColor, type Selection, selectedIn } from './functions/selection.ts';

/** Processes that are to be ended. */
export interface Kill {
  selection: Selection;
  /** How many of those selected; a share is rounded up, and no more are taken than there are. */
  take: 'all' | { count: number } | { share: number };
  /** Which of them: the first by name, or those that the seed chooses. */
  order: 'name' | 'seed';
  signal: 'SIGKILL' | 'SIGTERM';
}

export interface KillPlace {
  title: string;
  /** How many faults the experiment has had. */
  earlier: number;
  aim: 'live' | 'standby';
  input: PlanInput;
}

/** Decides purely which processes a kill would end, and whether it may. */
export function planKill(kill: Kill, { title, earlier, aim, input }: KillPlace): ExperimentPlan {
  const selected = selectedIn(input.inventory, kill.selection, { aim, standby: input.standby });
  const taken = takenOf(selected, kill, `${input.seed}/${title}/${earlier + 1}`);
  const faults = taken.flatMap((colour, index) =>
    planned(colour, { kill, input, id: `${slugOf(title)}/${earlier + 1 + index}` }),
  );
  if (faults.length === 0) return { faults, obstacles: [nothingSelected(kill, aim)] };
  const hits = faults.map(({ hit }) => hit);
  const refused = guard({ ...input, hits });
  return { faults, obstacles: refused.map((reason) => ({ kind: 'guard', reason }) as const) };
}

function nothingSelected({ selection }: Kill, aim: KillPlace['aim']): Obstacle {
  const hint =
    aim === 'standby' && selection.color === undefined ? '; aim at live to hit what serves production' : '';
  return {
    kind: 'no-target',
    reason: `${selection.text} selects no ready instance of ${selection.color ?? aim}${hint}`,
  };
}

/** Over all that was selected together, as pods of one namespace are. */
function takenOf(
  selected: readonly AimedColor[],
  { take, order }: Kill,
  seed: string,
): readonly AimedColor[] {
  const ready = selected.flatMap(({ chosen }) => chosen).filter(({ status }) => status === 'ready');
  const ids = ready.map(({ id }) => id).toSorted();
  const count =
    take === 'all' ? ids.length : 'count' in take ? take.count : Math.ceil(take.share * ids.length);
  const taken = new Set((order === 'seed' ? shuffled(ids, seed) : ids).slice(0, count));
  return selected
    .map((one) => ({ ...one, chosen: one.chosen.filter(({ id }) => taken.has(id)) }))
    .filter(({ chosen }) => chosen.length > 0);
}

function shuffled(ids: readonly string[], seed: string): readonly string[] {
  const below = numbersFrom(seed);
  const rest = [...ids];
  const out: string[] = [];
  while (rest.length > 0) out.push(...rest.splice(below(rest.length), 1));
  return out;
}

function planned(
  { component: name, color, all, chosen }: AimedColor,
  { kill: { signal }, input, id }: { kill: Kill; input: PlanInput; id: string },
): PlannedFault[] {
  const component = input.components[name];
  if (!component) return [];
  const kind = faultKindOf('kill');
  const aim: FaultAim = { component, color, chosen, all };
  const instances = chosen.map((instance) => instance.id);
  const hit: Hit = {
    kind: kind.kind,
    component: name,
    color,
    instances,
    share: 1,
    takesDown: kind.takesDown,
  };
  const spec = { signal };
  return [{ id, kind, spec, aim, what: kind.disturbance(spec, aim), hit }];
}

import type { Component, Protect } from '../config/model.ts';
import type { Disturbance } from '../targets/fault.ts';
import { type Color, type ComponentState, type Inventory, otherColor } from '../targets/target.ts';
import type { AnyFaultKind, FaultAim } from './fault.ts';
import { faultKindOf } from './faults/index.ts';
import { guard, type Hit } from './guards.ts';
import type { Experiment, Fault } from './schema.ts';
import { select } from './select.ts';
import { slugOf } from './slug.ts';

/** One fault with its targets. */
export interface PlannedFault {
  /** Unique in the run: `kill-one-gateway/1`. */
  id: string;
  kind: AnyFaultKind;
  spec: unknown;
  aim: FaultAim;
  what: Disturbance;
  hit: Hit;
}

/** Why an experiment cannot be done, or not now; nothing was shown then. */
export interface Obstacle {
  kind: 'no-target' | 'guard' | 'target';
  reason: string;
}

export interface ExperimentPlan {
  faults: readonly PlannedFault[];
  /** Empty: it can be done. */
  obstacles: readonly Obstacle[];
}

export interface PlanInput {
  inventory: Inventory;
  components: Readonly<Record<string, Component>>;
  /** What `standby` means, by component, where the caller knows. */
  standby: Readonly<Record<string, Color>>;
  protect: Protect;
  seed: string;
  /** Milliseconds since 1970. */
  now: number;
  /** What other experiments of this run hit right now. */
  alreadyHit: readonly Hit[];
}

/** Decides purely what an experiment would hit, and whether it may. */
export function planExperiment(experiment: Experiment, input: PlanInput): ExperimentPlan {
  const faults: PlannedFault[] = [];
  const obstacles: Obstacle[] = [];
  for (const [index, fault] of experiment.faults.entries()) {
    const planned = planFault(fault, { experiment, index, input });
    if ('reason' in planned) obstacles.push(planned);
    else faults.push(planned);
  }
  const { protect, inventory, now, alreadyHit } = input;
  const refused = guard({ protect, inventory, now, alreadyHit, hits: faults.map(({ hit }) => hit) });
  return {
    faults,
    obstacles: [...obstacles, ...refused.map((reason) => ({ kind: 'guard', reason }) as const)],
  };
}

interface Place {
  experiment: Experiment;
  index: number;
  input: PlanInput;
}

function planFault(fault: Fault, place: Place): PlannedFault | Obstacle {
  const { experiment, index, input } = place;
  const component = input.components[fault.component];
  const state = input.inventory.components[fault.component];
  if (!component || !state) return noTarget(`${fault.component} does not run`);
  const color = colorOf(fault, { aim: experiment.aim, state, standby: input.standby });
  if (!color) return noTarget(`${experiment.aim} of ${fault.component}: nothing runs there`);
  const { instances, keepUntil } = state.colors[color];
  const until = input.now + lengthOf(experiment);
  if (keepUntil !== undefined && keepUntil < until) {
    return noTarget(`${color} of ${fault.component} stops by itself before the experiment would end`);
  }
  const kind = faultKindOf(fault.kind);
  const seed = `${input.seed}/${experiment.name}/${index + 1}`;
  const { chosen, short } = select(fault, { hits: kind.hits, seed, instances });
  if (short !== undefined) return noTarget(`${color} of ${fault.component}: ${short}`);
  const aim: FaultAim = { component, color, chosen, all: instances };
  const what = kind.disturbance(fault.spec, aim);
  const id = `${slugOf(experiment.name)}/${index + 1}`;
  return { id, kind, spec: fault.spec, aim, what, hit: hitOf(kind, aim, what) };
}

const noTarget = (reason: string): Obstacle => ({ kind: 'no-target', reason });

/** From the first measurement to the last, at the most. */
export function lengthOf({ for: lasts, steady, recovery }: Experiment): number {
  return lasts + 2 * steady.watch + recovery.within;
}

/** The colour that is meant; undefined where there is none. */
export function colorOf(
  fault: Pick<Fault, 'color' | 'component'>,
  from: { aim: Experiment['aim']; state: ComponentState; standby: Readonly<Record<string, Color>> },
): Color | undefined {
  const { live } = from.state.route;
  if (fault.color !== undefined) return fault.color;
  if (from.aim === 'live') return live;
  const known = from.standby[fault.component];
  if (known !== undefined) return known;
  if (live !== undefined) return otherColor[live];
  return (['blue', 'green'] as const).find((color) => from.state.colors[color].status !== 'absent');
}

/** Of its requests; an instance that fails at so many is no healthy one. */
const unusableShare = 0.5;

function hitOf(kind: AnyFaultKind, { component, color, chosen }: FaultAim, what: Disturbance): Hit {
  const share = what.kind === 'network' && 'share' in what.effect ? what.effect.share : 1;
  const instances = chosen.map(({ id }) => id);
  const takesDown = kind.takesDown && share >= unusableShare;
  return { component: component.name, color, instances, share, takesDown, kind: kind.kind };
}

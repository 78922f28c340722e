import { messageOf, UserError } from '../platform/errors.ts';
import { plural, timeOfDay } from '../report/format.ts';
import { Fenced, LeaseLost } from '../targets/target.ts';
import { type JournalEntry, revertCommand } from './journal.ts';
import { targetObstacles } from './obstacles.ts';
import { type PlannedFault, planExperiment } from './plan.ts';
import type { Snapshot } from './restored.ts';
import { endFault } from './revert.ts';
import type { Session } from './session.ts';
import { type Injected, type Trial, Unshown } from './trial.ts';
import { unlessAborted } from './unless-aborted.ts';
import { Readings } from './witness.ts';

/** A fault ends by itself so long after we should have ended it. */
const marginMs = 10_000;

/**
 * Chooses targets among what runs right now, and looks whether they may be hit. Changes nothing.
 * @throws Unshown with every obstacle
 */
export async function chooseTargets(trial: Trial): Promise<readonly PlannedFault[]> {
  const { session, experiment } = trial;
  const { faults, obstacles } = planExperiment(experiment, await planInput(session));
  const reasons = [...obstacles, ...(await targetObstacles(session.target, faults))].map(
    ({ reason }) => reason,
  );
  if (reasons.length > 0) throw new Unshown('inconclusive', `not injected: ${reasons.join('; ')}`);
  return faults;
}

export async function planInput(session: Session) {
  const { components, protect, standby = {}, platform } = session.request;
  const inventory = await session.target.inspect();
  const alreadyHit = [...session.hits.values()];
  return {
    inventory,
    components,
    protect,
    standby,
    seed: session.seed,
    now: platform.clock.now(),
    alreadyHit,
  };
}

/**
 * Guards once more, then the intent with its undo, then the faults, all of them or none.
 * @throws Unshown when it may not be done any more, or cannot
 */
export async function injectFaults(trial: Trial): Promise<void> {
  const { session } = trial;
  trial.planned = sameTargets(trial, await chooseTargets(trial));
  const snapshots = await Promise.all(trial.planned.map((fault) => snapshotOf(session, fault)));
  reserve(trial, await planInput(session));
  session.check();
  const until = session.request.platform.clock.now() + ttlOf(trial);
  const entries = trial.planned.map((fault, index) =>
    intentOf(trial, { fault, before: snapshots[index], until }),
  );
  // Known as begun before anything can go wrong: undoing what was never done is no harm.
  trial.injected.push(...entries);
  await session.journal.intend(entries.map((entry) => journalEntry(trial, entry)));
  trial.lateAtFault = await trial.traffic.lateSends();
  trial.traffic.mark('fault');
  for (const entry of entries) await injectOne(trial, entry);
}

/** The baseline was of these places; a route that moved in between makes it another experiment. */
function sameTargets(trial: Trial, now: readonly PlannedFault[]): readonly PlannedFault[] {
  const moved = now.find(({ aim }, index) => aim.color !== trial.planned[index]?.aim.color);
  if (!moved) return now;
  throw new Unshown('inconclusive', `not injected: ${moved.aim.component.name} was switched in the meantime`);
}

/**
 * The guards' last look and the taking up of what they allowed are one step, so that experiments at the same time see
 * each other.
 */
function reserve(trial: Trial, input: Awaited<ReturnType<typeof planInput>>): void {
  const { session, experiment } = trial;
  const { obstacles } = planExperiment(experiment, { ...input, alreadyHit: [...session.hits.values()] });
  if (obstacles.length > 0) {
    throw new Unshown('inconclusive', `not injected: ${obstacles.map(({ reason }) => reason).join('; ')}`);
  }
  for (const { id, hit } of trial.planned) session.hits.set(session.idInTarget(id), hit);
}

const ttlOf = ({ experiment }: Trial): number => experiment.for + marginMs;

function intentOf(
  { session }: Trial,
  { fault, before, until }: { fault: PlannedFault; before: Snapshot | undefined; until: number },
): Injected {
  if (!before) throw new Error('a fault without a snapshot');
  return { fault, idInTarget: session.idInTarget(fault.id), before, askedAt: 0, until };
}

function journalEntry({ experiment, session }: Trial, { fault, idInTarget, until }: Injected): JournalEntry {
  return {
    id: idInTarget,
    experiment: experiment.name,
    kind: fault.kind.kind,
    component: fault.aim.component.name,
    color: fault.aim.color,
    targets: [...fault.hit.instances],
    undo: 'revert',
    intendedAt: session.request.platform.clock.now(),
    until,
  };
}

async function injectOne(trial: Trial, entry: Injected): Promise<void> {
  const { session } = trial;
  const { clock } = session.request.platform;
  const { fault, idInTarget } = entry;
  session.check();
  entry.askedAt = clock.now();
  const began = clock.monotonic();
  try {
    const { what } = fault;
    const injecting = session.faults.inject({
      id: idInTarget,
      what,
      ttlMs: ttlOf(trial),
      token: session.token,
    });
    // A component that ends slowly must not keep a cancelled run from ending the fault: reverting it stops this, too.
    await unlessAborted(injecting, session.signal);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Fenced || error instanceof LeaseLost) throw error;
    throw new Unshown('inconclusive', `${fault.kind.kind} could not be injected: ${messageOf(error)}`);
  }
  entry.injectedAt = clock.now();
  entry.injectMs = clock.monotonic() - began;
  const component = fault.aim.component.name;
  const instances = fault.aim.all.map(({ id }) => id);
  entry.readings = new Readings({ faults: session.faults, clock }, { id: idInTarget, instances, component });
}

export async function snapshotOf(session: Session, { aim }: Pick<PlannedFault, 'aim'>): Promise<Snapshot> {
  const component = aim.component.name;
  const instances = await session.target.instances(component, aim.color);
  const ids = instances.map(({ id }) => id);
  return { instances, reading: await session.faults.read({ id: undefined, instances: ids, component }) };
}

/**
 * Ends every fault of the experiment that has not ended, from the last to the first. One that cannot be ended does not
 * keep the others from being. Doing it twice is doing it once.
 */
export async function endFaults(trial: Trial): Promise<void> {
  const open = trial.injected.filter(({ endedAt }) => endedAt === undefined).toReversed();
  if (open.length === 0) return releaseReserved(trial);
  const { clock } = trial.session.request.platform;
  for (const entry of open) entry.endedAt = clock.now();
  const problems = await endAll(trial, open);
  trial.goneAt = clock.now();
  releaseReserved(trial);
  if (problems.length > 0) throw problems[0];
}

/** One after the other. A cancelled run is gone soon, so that it asks for all the ends at once, in the same order. */
async function endAll(trial: Trial, open: readonly Injected[]): Promise<unknown[]> {
  const problems: unknown[] = [];
  const end = (entry: Injected) => endOne(trial, entry).catch((error: unknown) => void problems.push(error));
  if (trial.session.request.signal.aborted) await Promise.all(open.map(end));
  else for (const entry of open) await end(entry);
  return problems;
}

async function endOne(trial: Trial, entry: Injected): Promise<void> {
  const { session } = trial;
  const end = await endFault(
    { faults: session.faults, clock: session.request.platform.clock },
    entry.idInTarget,
  );
  if (end.ended === 'unknown') {
    entry.left = `may be there until ${timeOfDay(entry.until)} UTC: ${end.why}`;
    session.note('error', 'fault-left', `${entry.fault.id} ${entry.left}; end it with: ${revertCommand}`);
    return;
  }
  entry.revertedAt = end.revertedAt;
  entry.revertMs = end.ms;
  await session.journal.done(entry.idInTarget);
}

function releaseReserved({ session, planned }: Trial): void {
  for (const { id } of planned) session.hits.delete(session.idInTarget(id));
}

/** `kill of gateway/green-1`, `latency of all of green of gateway`. */
export function describeFault({ kind, aim }: Pick<PlannedFault, 'kind' | 'aim'>): string {
  const { chosen, all, color, component } = aim;
  const whole = kind.hits === 'component' || chosen.length === all.length;
  const what = whole
    ? `all of ${color} of ${component.name} (${plural(all.length, 'instance')})`
    : chosen.map(({ id }) => id).join(', ');
  return `${kind.kind} of ${what}`;
}

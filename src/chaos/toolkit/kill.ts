import { Cancelled, messageOf, UserError } from '../../platform/errors.ts';
import type { FaultRecord } from '../../report/proof.ts';
import type { FaultReading } from '../../targets/fault.ts';
import { Fenced, LeaseLost } from '../../targets/target.ts';
import { plannedRecord } from '../conclude.ts';
import type { Witnessed } from '../fault.ts';
import { planInput, snapshotOf } from '../inject.ts';
import { revertCommand } from '../journal.ts';
import { targetObstacles } from '../obstacles.ts';
import type { PlannedFault } from '../plan.ts';
import { endFault } from '../revert.ts';
import type { Session } from '../session.ts';
import { ActivityFailed, type Doing } from './deed.ts';
import { type Kill, planKill } from './kill-plan.ts';

export type { Kill } from './kill-plan.ts';

/** A process that is asked to end may take so long. */
const witnessMs = 10_000;
const lookEveryMs = 100;
const ttlMs = witnessMs + 10_000;

/**
 * Ends processes, and looks that they have ended: written down before, guarded, with a dead-man timer, like every fault.
 * @returns the ids of the instances
 * @throws ActivityFailed when it may not be done, or was not seen to happen
 */
export async function carryOutKill(kill: Kill, doing: Doing): Promise<readonly string[]> {
  const planned = await mayBeKilled(kill, doing);
  for (const fault of planned) await killOne(fault, doing);
  return planned.flatMap(({ hit }) => hit.instances);
}

async function mayBeKilled(kill: Kill, doing: Doing): Promise<readonly PlannedFault[]> {
  const { session, aim, title, faults: earlier } = doing;
  const input = await planInput(session);
  const { faults, obstacles } = planKill(kill, { title, earlier: earlier.length, aim, input });
  const all = [...obstacles, ...(await targetObstacles(session.target, faults))];
  if (all.length === 0) return faults;
  earlier.push(...faults.map((fault) => plannedRecord(fault, 'not injected')));
  throw new ActivityFailed(`not injected: ${all.map(({ reason }) => reason).join('; ')}`, 'inconclusive');
}

async function killOne(fault: PlannedFault, doing: Doing): Promise<void> {
  const { session } = doing;
  const id = session.idInTarget(fault.id);
  const { reading } = await snapshotOf(session, fault);
  session.check();
  session.hits.set(id, fault.hit);
  try {
    await intend(session, fault, id);
    await injectAndEnd(fault, { doing, id, reading });
  } finally {
    session.hits.delete(id);
  }
}

async function intend(session: Session, { kind, aim, hit }: PlannedFault, id: string): Promise<void> {
  const now = session.request.platform.clock.now();
  const { component, color } = aim;
  const what = { id, experiment: id, kind: kind.kind, component: component.name, color };
  await session.journal.intend([
    { ...what, targets: [...hit.instances], undo: 'revert', intendedAt: now, until: now + ttlMs },
  ]);
}

interface Underway {
  doing: Doing;
  id: string;
  /** How the processes were before. */
  reading: FaultReading;
}

async function injectAndEnd(fault: PlannedFault, { doing, id, reading }: Underway): Promise<void> {
  const { session, faults } = doing;
  const { clock } = session.request.platform;
  const began = clock.monotonic();
  let seen: Witnessed = { seen: false, detail: 'not injected' };
  let injected: Pick<FaultRecord, 'injectedAt' | 'injectMs'> = {};
  try {
    await inject(session, fault, id);
    injected = { injectedAt: clock.now(), injectMs: clock.monotonic() - began };
    seen = await witness(fault, { doing, id, reading });
  } finally {
    const end = await endOf(session, fault, id);
    const verdict = seen.seen ? 'passed' : 'inconclusive';
    faults.push({ ...plannedRecord(fault, seen.detail), witnessed: verdict, ...injected, ...end });
  }
  if (!seen.seen) throw new ActivityFailed(`not seen to happen: ${seen.detail}`, 'inconclusive');
}

async function inject(session: Session, { what, kind }: PlannedFault, id: string): Promise<void> {
  try {
    await session.faults.inject({ id, what, ttlMs, token: session.token });
  } catch (error) {
    const isOurs = error instanceof UserError && !(error instanceof Cancelled);
    if (!isOurs || error instanceof Fenced || error instanceof LeaseLost) throw error;
    throw new ActivityFailed(`${kind.kind} could not be injected: ${messageOf(error)}`, 'inconclusive');
  }
}

/** Looks until it is seen, as long as a process may take to end. */
async function witness(
  { aim, kind, spec }: PlannedFault,
  { doing, id, reading }: Underway,
): Promise<Witnessed> {
  const { session, signal } = doing;
  const { clock } = session.request.platform;
  const instances = aim.all.map((instance) => instance.id);
  const before = { reading, probes: [], meter: undefined };
  const until = clock.monotonic() + witnessMs;
  const readings: FaultReading[] = [];
  for (;;) {
    readings.push(await session.faults.read({ id, instances, component: aim.component.name }));
    const during = { readings, probes: [], meter: undefined, until: session.request.platform.clock.now() };
    const seen = kind.witness(spec, { before, during }, aim);
    if (seen.seen || signal.aborted || clock.monotonic() >= until) return seen;
    await clock.sleep(lookEveryMs, signal).catch(() => {}); // An interrupted run takes what was seen so far.
  }
}

async function endOf(
  session: Session,
  fault: PlannedFault,
  id: string,
): Promise<Pick<FaultRecord, 'revertedAt' | 'revertMs' | 'left'>> {
  const end = await endFault({ faults: session.faults, clock: session.request.platform.clock }, id);
  if (end.ended !== 'unknown') {
    await session.journal.done(id);
    return { revertedAt: end.revertedAt, revertMs: end.ms };
  }
  const left = `may be there still: ${end.why}`;
  session.note('error', 'fault-left', `${fault.id} ${left}; end it with: ${revertCommand}`);
  return { left };
}

import { Cancelled, messageOf, UserError } from '../platform/errors.ts';
import { type Verdict, worst } from '../platform/verdict.ts';
import { instant, plural } from '../report/format.ts';
import type { ExperimentRecord } from '../report/proof.ts';
import { acquireLease, keepLease } from '../targets/lease.ts';
import { Fenced, LeaseHeld, LeaseLost } from '../targets/target.ts';
import { runExperiment } from './experiment.ts';
import { revertCommand } from './journal.ts';
import { heldBack, stepsOf } from './order.ts';
import { preview } from './preview.ts';
import type { ChaosOutcome, ChaosRequest } from './request.ts';
import type { Experiment } from './schema.ts';
import { type Ending, Session } from './session.ts';
import { staleFaults } from './stale.ts';

/**
 * Runs experiments one after the other, or as `parallel` and `after` say: a steady state, faults, what has to hold while
 * they last, their undoing, the recovery and the steady state again. Whatever happens, no fault outlives its timer.
 * Rejects only with bugs and with what keeps the target from being reached.
 */
export function runChaos(request: ChaosRequest): Promise<ChaosOutcome> {
  return inSession(request, { plan: preview, run: experiments });
}

type Act = (session: Session) => Promise<Ending>;

/**
 * Plans, or breaks something under the lease with no fault of an earlier run in the way, and turns whatever ends it
 * into an outcome.
 */
export async function inSession(
  request: ChaosRequest,
  { plan, run }: { plan: Act; run: Act },
): Promise<ChaosOutcome> {
  const session = new Session(request);
  session.note('notice', 'seed', `seed ${session.seed} chooses the targets; the same one chooses the same`);
  try {
    return conclude(session, await (request.mode === 'plan' ? plan(session) : underLease(session, run)));
  } catch (error) {
    const ending = endingOfError(session, error);
    if (!ending) throw error;
    return conclude(session, ending);
  }
}

/** With the caller's lease, or one of our own that is kept meanwhile. */
async function underLease(session: Session, run: Act): Promise<Ending> {
  const { token, target, platform, holder, signal, leaseTtlMs } = session.request;
  if (token !== undefined) return unlessStale(session, run);
  const ttl = leaseTtlMs === undefined ? {} : { ttlMs: leaseTtlMs };
  const onWait = ({ lease }: LeaseHeld) =>
    session.note('notice', 'lease', `waiting for the lease of ${lease.holder}, in case that run is dead`);
  const lease = await acquireLease({ target, clock: platform.clock, holder, signal, onWait, ...ttl });
  const kept = keepLease(lease, platform.clock, leaseTtlMs);
  session.holds(kept);
  try {
    return await unlessStale(session, run);
  } finally {
    // A lease that cannot be given back expires by itself.
    await kept.release().catch(() => {});
  }
}

async function unlessStale(session: Session, run: Act): Promise<Ending> {
  await refuseOverStale(session);
  return run(session);
}

async function experiments(session: Session): Promise<Ending> {
  const ended = new Map<string, Verdict>();
  for (const step of stepsOf(session.request.experiments)) {
    session.check();
    const records = await together(session, step, ended);
    for (const { name, verdict } of records) ended.set(name, verdict);
    if (records.some(leftBehind))
      return overall(session, 'the others were not run: a fault may be there still');
  }
  return overall(session);
}

/** All of one step at the same time; one that fails does not stop the others. */
async function together(
  session: Session,
  step: readonly Experiment[],
  ended: ReadonlyMap<string, Verdict>,
): Promise<readonly ExperimentRecord[]> {
  const settled = await Promise.allSettled(
    step.map(async (experiment) => {
      const reason = heldBack(experiment, ended);
      return reason === undefined ? runExperiment(session, experiment) : notRun(session, experiment, reason);
    }),
  );
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function notRun(session: Session, { name, aim }: Experiment, reason: string): ExperimentRecord {
  session.pass({ step: name, reason });
  const startedAt = session.request.platform.clock.now();
  const record: ExperimentRecord = {
    name,
    aim,
    verdict: 'inconclusive',
    reason,
    startedAt,
    durationMs: 0,
    faults: [],
    gates: [],
    checks: [],
  };
  session.records.push(record);
  return record;
}

/** What is broken already would be taken for what this run breaks. */
async function refuseOverStale(session: Session): Promise<void> {
  const stale = await staleFaults(session.target);
  if (stale.length === 0) return;
  const told = stale.map(({ id, what, until }) => `${what} (${id}, ends by itself at ${instant(until)})`);
  throw new UserError(
    `${plural(stale.length, 'fault')} of an earlier run may be there still: ${told.join('; ')}`,
    {
      next: revertCommand,
      docs: 'docs/chaos.md#left-behind',
    },
  );
}

const leftBehind = ({ faults }: ExperimentRecord): boolean =>
  faults.some(({ revertedAt, left }) => revertedAt === undefined && left !== undefined);

/** What an experiment means for the run: one that showed nothing may be told to count as passed. */
function overall({ records, request }: Session, also?: string): Ending {
  const lenient = new Set(
    request.experiments.filter((one) => one.inconclusive === 'pass').map(({ name }) => name),
  );
  const counted = records.map((record): Ending & { name: string } => {
    const excused = record.verdict === 'inconclusive' && lenient.has(record.name);
    return { name: record.name, verdict: excused ? 'passed' : record.verdict, reason: record.reason };
  });
  const verdict = worst(counted.map((one) => one.verdict));
  const first = counted.find((one) => one.verdict === verdict);
  const told = first ? `${first.name}: ${first.reason}` : 'there is no experiment';
  const reason = verdict === 'passed' ? `${plural(counted.length, 'experiment')} passed` : told;
  return { verdict, reason: also === undefined ? reason : `${reason}; ${also}` };
}

/** The endings that come as errors; undefined for bugs. */
function endingOfError(session: Session, error: unknown): Ending | undefined {
  if (session.request.signal.aborted || error instanceof Cancelled) {
    const left = session.records.flatMap(({ faults }) => faults).some(({ left }) => left !== undefined);
    return {
      verdict: 'cancelled',
      reason: left ? `cancelled; look with: ${revertCommand}` : 'cancelled; no fault is left',
    };
  }
  if (error instanceof LeaseHeld) return { verdict: 'failed', reason: error.message };
  if (error instanceof LeaseLost || error instanceof Fenced) {
    return { verdict: 'failed', reason: `another run took over: ${messageOf(error)}` };
  }
  if (!(error instanceof UserError)) return undefined;
  session.note('error', 'refused', error.message);
  return { verdict: 'failed', reason: error.next ? `${error.message}; ${error.next}` : error.message };
}

function conclude(session: Session, { verdict, reason }: Ending): ChaosOutcome {
  const { seed, startedAt, elapsedMs, records, findings, request } = session;
  const order = new Map(request.experiments.map(({ name }, index) => [name, index]));
  const place = ({ name }: ExperimentRecord) => order.get(name) ?? 0;
  const experiments = records.toSorted((a, b) => place(a) - place(b));
  const evidence = { seed, startedAt, durationMs: elapsedMs, verdict, reason, experiments };
  return { verdict, evidence, findings };
}

import { Cancelled, messageOf, UserError } from '../platform/errors.ts';
import type { ExperimentRecord } from '../report/proof.ts';
import { Fenced, LeaseLost } from '../targets/target.ts';
import { endingOf, judgeTrial, recordOf } from './conclude.ts';
import { holdFaults } from './hold.ts';
import { chooseTargets, describeFault, endFaults, injectFaults } from './inject.ts';
import { revertCommand } from './journal.ts';
import { awaitRecovery, noteDifferences } from './recover.ts';
import type { Experiment } from './schema.ts';
import type { Ending, Session } from './session.ts';
import { judgeSteady, type Steadiness } from './steady.ts';
import { lateShareOf } from './traffic.ts';
import { Trial, Unshown } from './trial.ts';

/** What a cancelled run still waits for, to tell what the meter saw, in milliseconds. */
const partingMs = 500;

/**
 * One experiment from its steady state to its steady state. Whatever happens in between, its faults are ended.
 * @throws Cancelled, LeaseLost or Fenced when no other one may follow; `session.records` has its record by then
 */
export async function runExperiment(session: Session, experiment: Experiment): Promise<ExperimentRecord> {
  const trial = new Trial(session, experiment);
  try {
    return keep(trial, await ended(trial));
  } catch (error) {
    keep(trial, { verdict: 'failed', reason: messageOf(error) });
    throw error;
  }
}

function keep(trial: Trial, ending: Ending): ExperimentRecord {
  const record = recordOf(trial, ending);
  trial.session.records.push(record);
  return record;
}

async function ended(trial: Trial): Promise<Ending> {
  try {
    await underFault(trial);
    await afterFault(trial);
    return endingOf(trial);
  } catch (error) {
    return await endingOfError(trial, error);
  } finally {
    await endFaults(trial);
    // A cancelled run has waited for its parting.
    if (!trial.session.request.signal.aborted) await trial.stop();
  }
}

/** Steady state, faults, what lasts as long as they do, their end. */
async function underFault(trial: Trial): Promise<void> {
  const { session, experiment } = trial;
  session.check();
  trial.planned = await chooseTargets(trial);
  const what = trial.planned.map(describeFault).join(', ');
  await trial.step('steady state', 'as it should be before anything is broken', () => lookBefore(trial));
  await trial.step('inject', what, () => injectFaults(trial));
  await trial.step('hold', `for ${experiment.for / 1000} s, under watch`, () => holdFaults(trial));
  await trial.step('revert', `${what} is undone, and looked after`, () => endAll(trial));
}

/** Recovery, steady state again, and what came of the writes. */
async function afterFault(trial: Trial): Promise<void> {
  const { session, experiment, traffic } = trial;
  traffic.mark('recovery');
  const { stable, within } = experiment.recovery;
  const reason = `${stable} good windows in a row within ${within / 1000} s`;
  await trial.step('recovery', reason, () => awaitRecovery(trial));
  if (trial.recovery?.judgedMs !== undefined) {
    await trial.step('steady state', 'as it was before', () => lookAfter(trial));
  }
  await trial.ledger?.finish();
  if (trial.ledger) {
    const { ledger } = trial;
    trial.ledgerRecord = await trial.step('ledger', 'what was acknowledged is read back', () =>
      ledger.verify(session.signal),
    );
  }
  await trial.stop();
  await judgeTrial(trial);
}

/** @throws Unshown when the service is not as it should be: then nothing is broken */
async function lookBefore(trial: Trial): Promise<void> {
  await trial.start();
  const { verdict, reason } = await look(trial, { name: 'before', lateAtBegin: 0 });
  trial.steadyBefore = verdict;
  if (verdict !== 'passed') throw new Unshown(verdict, `not injected, because before it: ${reason}`);
}

async function lookAfter(trial: Trial): Promise<void> {
  const lateAtBegin = await trial.traffic.lateSends();
  trial.traffic.mark('after');
  const { verdict, reason } = await look(trial, { name: 'after', lateAtBegin });
  trial.steadyAfter = verdict;
  trial.unsteady = reason;
}

/** Watches traffic, with the checks at the same time. */
async function look(
  trial: Trial,
  { name, lateAtBegin }: { name: 'before' | 'after'; lateAtBegin: number },
): Promise<Steadiness> {
  const { session, experiment, traffic } = trial;
  const { platform, slo, checks: runChecks } = session.request;
  const { signal } = session;
  const asked = { names: experiment.steady.checks, aim: experiment.aim, signal };
  const [checks] = await Promise.all([
    runChecks(asked),
    platform.clock.sleep(experiment.steady.watch, signal),
  ]);
  trial.checks.push(...checks);
  const report = await traffic.snapshot();
  const section = report.sections.find((one) => one.name === name);
  return judgeSteady({
    section,
    lateShare: lateShareOf(report.lateSends - lateAtBegin, section),
    slo,
    checks,
  });
}

async function endAll(trial: Trial): Promise<void> {
  await endFaults(trial);
  const { breach, traffic, goneAt } = trial;
  trial.lateSends = (await traffic.lateSends()) - trial.lateAtFault;
  if (breach && goneAt !== undefined) trial.abortedAfterMs = traffic.at(goneAt) - breach.firstEndMs;
}

/** The endings that come as errors; what is no ending of an experiment, or a bug, is thrown on. */
async function endingOfError(trial: Trial, error: unknown): Promise<Ending> {
  const { session } = trial;
  if (session.request.signal.aborted || error instanceof Cancelled) return cancelled(trial);
  if (error instanceof LeaseLost || error instanceof Fenced || session.signal.aborted) throw error;
  if (error instanceof Unshown) return { verdict: error.verdict, reason: error.message };
  if (error instanceof UserError) return { verdict: 'inconclusive', reason: messageOf(error) };
  throw error;
}

/** Faults first; then whatever can be told at once. */
async function cancelled(trial: Trial): Promise<Ending> {
  const { clock } = trial.session.request.platform;
  await endFaults(trial);
  const parting = Promise.allSettled([noteDifferences(trial), trial.stop()]);
  await Promise.race([parting, clock.sleep(partingMs)]);
  if (trial.injected.length === 0)
    return { verdict: 'cancelled', reason: 'cancelled before anything was broken' };
  const left = trial.injected.filter(({ revertedAt }) => revertedAt === undefined);
  if (left.length === 0) return { verdict: 'cancelled', reason: 'cancelled; its faults are gone' };
  const told = left.map(({ fault, left: why }) => `${fault.id} ${why ?? ''}`).join(', ');
  return { verdict: 'cancelled', reason: `cancelled; ${told}; end it with: ${revertCommand}` };
}

import { Cancelled, messageOf, UserError } from '../platform/errors.ts';
import type { CutoverEvidence, InstanceRecord } from '../report/record.ts';
import { acquireLease, keepLease } from '../targets/lease.ts';
import { Fenced, type Inventory, LeaseHeld, LeaseLost, type Release } from '../targets/target.ts';
import { type CutoverOutcome, type CutoverRequest, type Ending, Run } from './context.ts';
import { goForward, proveLive, retireProven, undo } from './forward.ts';
import { readHistory } from './history.ts';
import { type Operation, readOperation } from './operation.ts';
import { liveReleases, planMoves } from './plan.ts';
import { preview } from './preview.ts';
import { refuse } from './refuse.ts';
import { decideResumption, type Resumption } from './resume.ts';

/**
 * Carries a release through the cutover, or undoes, finishes or plans one; see {@link CutoverRequest.mode}. Whatever
 * happens, the live route serves. Rejects only with bugs and with what keeps the target from being reached.
 */
export async function runCutover(request: CutoverRequest): Promise<CutoverOutcome> {
  const run = new Run(request);
  try {
    const ending = request.mode === 'plan' ? await preview(run) : await underLease(run);
    return await conclude(run, ending);
  } catch (error) {
    const ending = endingOf(run, error);
    if (ending) return conclude(run, ending);
    throw error;
  }
}

async function underLease(run: Run): Promise<Ending> {
  const { target, holder, signal, platform, leaseTtlMs } = run.request;
  const lease = await run.steps.take({ step: 'lease', reason: 'one run at a time changes routes' }, () =>
    acquireLease({
      target,
      clock: platform.clock,
      holder,
      signal,
      ...(leaseTtlMs === undefined ? {} : { ttlMs: leaseTtlMs }),
      onWait: (held) => run.note('notice', 'lease', `${held.message}; waiting to see whether it is alive`),
    }),
  );
  const kept = keepLease(lease, platform.clock, leaseTtlMs);
  run.holds(kept);
  try {
    return await carryOut(run);
  } finally {
    await kept.release().catch(() => {}); // It expires by itself.
  }
}

async function carryOut(run: Run): Promise<Ending> {
  const resumed = await reconcile(run);
  if (run.request.mode === 'recover') {
    return (
      resumed?.ending ?? { verdict: 'passed', result: 'unchanged', reason: 'nothing was left unfinished' }
    );
  }
  const release = await chooseRelease(run);
  if (resumed?.release === release.id && resumed.did !== 'undo') return resumed.ending;
  const opened = await open(run, release);
  return 'result' in opened ? opened : goForward(run, opened);
}

/** What was done about an operation that a dead run left. */
interface Reconciled {
  did: Resumption['do'];
  /** Id of the release it was about. */
  release: string;
  ending: Ending;
}

/** Ends what a dead run left behind, so that this one starts from all-blue or all-green. */
async function reconcile(run: Run): Promise<Reconciled | undefined> {
  const left = await readOperation(run.target.journal);
  if (!left) return undefined;
  const next = decideResumption(left, await run.target.inspect());
  const same = run.request.release?.id === left.release.id && run.request.mode === 'apply';
  const reason = `${left.holder} left ${left.release.version} while ${left.phase}: ${next.reason}`;
  if (same && left.phase === 'preparing' && left.direction === 'forward') {
    run.steps.pass({ step: 'reconcile', reason: `${reason}; this run goes on with it` }, 'skipped');
    return undefined;
  }
  run.note('notice', 'reconcile', `${reason}; ${next.do}`);
  const ending = await run.steps.take({ step: 'reconcile', reason: `${next.do}: ${reason}` }, () =>
    resume(run, left, next.do),
  );
  return { did: next.do, release: left.release.id, ending };
}

function resume(run: Run, left: Operation, what: Resumption['do']): Promise<Ending> {
  switch (what) {
    case 'undo':
      return undone(run, left);
    case 'finish':
      return proveLive(run, left, { from: 'bake' });
    case 'retire':
      return retireProven(run, left);
  }
}

/** Undoing what another run left is a success of this one, unless a route could not go back. */
async function undone(run: Run, left: Operation): Promise<Ending> {
  const ending = await undo(run, left, left.reason || 'the run that began it died');
  return { ...ending, verdict: ending.result === 'cut-over' ? 'failed' : 'passed' };
}

async function chooseRelease(run: Run): Promise<Release> {
  if (run.request.mode === 'apply') {
    if (!run.request.release) throw new Error('mode apply needs a release');
    return run.request.release;
  }
  const live = liveReleases(await run.target.inspect());
  const history = await readHistory(run.target.journal);
  const previous = history.find(({ id }) => live.every((release) => release.id !== id));
  if (previous) return previous;
  throw new UserError('there is no earlier release to go back to', {
    next: 'cutover status',
    docs: 'docs/cutover.md#rollback',
  });
}

/** Plans and refuses; what it returns has not been journalled yet. */
async function open(run: Run, release: Release): Promise<Operation | Ending> {
  const inventory = await run.target.inspect();
  const components = await run.request.componentsFor(release);
  const plan = planMoves(inventory, release, components);
  await run.steps.take({ step: 'plan', reason: Object.values(plan.reasons).join('; ') }, async () => {});
  const refusal = run.request.mode === 'rollback' ? undefined : await refuse(run, inventory, release);
  if (refusal) return refusal;
  if (plan.moves.length === 0) {
    return { verdict: 'passed', result: 'unchanged', reason: `${release.version} is live already` };
  }
  const moves = [...plan.moves];
  noteRollback(run, inventory, moves, release);
  return {
    schema: 'cutover/operation/v1',
    kind: run.request.mode === 'rollback' ? 'rollback' : 'apply',
    release: { ...release, sha: release.sha },
    startedAt: run.request.platform.clock.now(),
    holder: run.request.holder,
    phase: 'preparing',
    direction: 'forward',
    reason: '',
    moves,
  };
}

function noteRollback(run: Run, inventory: Inventory, moves: Operation['moves'], release: Release): void {
  if (run.request.mode !== 'rollback') return;
  for (const { component, to } of moves) {
    const color = inventory.components[component]?.colors[to];
    if (color?.release?.id === release.id && color.status !== 'absent') continue;
    run.note(
      'notice',
      'rollback',
      `${release.version} of ${component} is no longer warm; it is prepared again first`,
    );
  }
}

/** The endings that come as errors; undefined for bugs. */
function endingOf(run: Run, error: unknown): Ending | undefined {
  const moved = run.switches.length > 0;
  if (run.request.signal.aborted || error instanceof Cancelled) {
    const reason = `cancelled${moved ? ' after the switch, before the release was proven' : ''}; resume with: ${run.request.resume}`;
    return { verdict: 'cancelled', result: moved ? 'cut-over' : 'unchanged', reason };
  }
  if (error instanceof LeaseHeld) return { verdict: 'failed', result: 'refused', reason: error.message };
  if (error instanceof LeaseLost || error instanceof Fenced) {
    return { verdict: 'failed', result: 'refused', reason: `another run took over: ${messageOf(error)}` };
  }
  if (error instanceof UserError) {
    const reason = moved ? `${error.message}; finish with: ${run.request.resume}` : error.message;
    return { verdict: 'failed', result: moved ? 'cut-over' : 'unchanged', reason };
  }
  return undefined;
}

async function conclude(run: Run, ending: Ending): Promise<CutoverOutcome> {
  // A target that can no longer be asked is not the end's reason; that one is given.
  const inventory = await run.target.inspect().catch((): Inventory => ({ components: {} }));
  const evidence: CutoverEvidence = {
    mode: run.request.mode,
    startedAt: run.steps.startedAt,
    result: ending.result,
    reason: ending.reason,
    live: liveIn(inventory),
    steps: run.steps.records,
    switches: run.switches,
    gates: run.gates,
    residualOld: run.residualOld,
    keptUntil: run.keptUntil,
    instances: instancesIn(inventory),
    ...(run.rollback ? { rollback: run.rollback } : {}),
    ...(run.switchMs === undefined ? {} : { switchMs: run.switchMs }),
    ...(run.meter ? { meter: run.meter } : {}),
  };
  return { verdict: ending.verdict, evidence, findings: run.findings };
}

function liveIn(inventory: Inventory): CutoverEvidence['live'] {
  const live: Record<string, CutoverEvidence['live'][string]> = {};
  for (const { name, route, colors } of Object.values(inventory.components)) {
    live[name] = { color: route.live, version: route.live && colors[route.live].release?.version };
  }
  return live;
}

function instancesIn(inventory: Inventory): readonly InstanceRecord[] {
  const colors = Object.values(inventory.components).flatMap((state) => [
    state.colors.blue,
    state.colors.green,
  ]);
  return colors.flatMap(({ release, instances }) =>
    instances.map(({ id, component, color, status, restarts }) => ({
      id,
      component,
      color,
      status,
      restarts,
      ...(release ? { version: release.version } : {}),
    })),
  );
}

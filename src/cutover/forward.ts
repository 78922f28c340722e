import { Cancelled, messageOf } from '../platform/errors.ts';
import { worst } from '../platform/verdict.ts';
import { RouteChanged } from '../targets/target.ts';
import { componentsOf, type Ending, type Run } from './context.ts';
import { releaseOf, remember } from './history.ts';
import { type Operation, writeOperation } from './operation.ts';
import { close, discardNew, enter, preflight, prepare, retireOld } from './phases.ts';
import { PreflightFailed, proveLiveRoute } from './proofs.ts';
import { switchAll, switchBack } from './routes.ts';
import { Breach, Watch } from './watch.ts';

/** Traffic is measured for so long before the switch, to know what was failing already. */
const baselineMs = 1_000;
/** A rollback asked for is watched just long enough to have figures; what it goes back to was proven before. */
const rollbackBakeMs = 1_000;
/** Only whatever stops mutation leaves the journal open: the next run finishes. */
const leavesOpen = new Set(['Cancelled', 'LeaseLost', 'Fenced']);

/** Takes an operation from its start to its end: the new colour proven and live, or all as before. */
export async function goForward(run: Run, operation: Operation): Promise<Ending> {
  try {
    await enter(run, operation, 'preparing');
    await prepare(run, operation);
    await preflight(run, operation);
  } catch (error) {
    const cause = causeOf(run, error);
    if (leavesOpen.has(cause.name)) throw cause;
    const ending = await undo(
      run,
      operation,
      `${operation.release.version} never went live: ${cause.message}`,
    );
    return cause instanceof PreflightFailed ? { ...ending, verdict: cause.verdict } : ending;
  }
  return proveLive(run, operation, { from: 'switch' });
}

/**
 * Switches (or, resumed, only verifies), bakes under watch and retires the old colour. A breach goes back; after an
 * explicit rollback it does not, because that is what was asked for.
 */
export async function proveLive(
  run: Run,
  operation: Operation,
  start: { from: 'switch' | 'bake' },
): Promise<Ending> {
  const watch = await openWatch(run, operation);
  try {
    await underWatch(run, operation, { watch, ...start });
  } catch (error) {
    const cause = causeOf(run, error, watch);
    if (leavesOpen.has(cause.name)) {
      await stopSoon(run, watch);
      throw cause;
    }
    watch.mark('rollback');
    const ending = await goBack(run, operation, cause);
    await finishWatch(run, watch);
    return ending;
  }
  return retire(run, operation, watch);
}

async function underWatch(
  run: Run,
  operation: Operation,
  { watch, from }: { watch: Watch; from: 'switch' | 'bake' },
): Promise<void> {
  const signal = AbortSignal.any([run.signal, watch.breached]);
  if (from === 'switch') {
    await measureBaseline(run, operation, { watch, signal });
    await enter(run, operation, 'switching');
  }
  await watch.begin(operation.moves);
  await switchAll(run, operation.moves, signal);
  if (!watch.isMetering) await watch.startMeter();
  await enter(run, operation, 'baking');
  watch.poll();
  await whileUnbroken(proveLiveRoute(run, operation), signal);
  await bake(run, operation, signal);
  await watch.settle();
  watch.breached.throwIfAborted();
}

async function measureBaseline(
  run: Run,
  operation: Operation,
  { watch, signal }: { watch: Watch; signal: AbortSignal },
): Promise<void> {
  const { traffic } = run.request.settings;
  const first = operation.moves.find(({ component }) => component === traffic.component)?.from === undefined;
  const reason = `${traffic.rate} requests/s to ${traffic.path} through the live route`;
  if (first && (await run.target.route(traffic.component).read()).live === undefined) {
    return run.steps.pass(
      { step: 'meter', reason: 'nothing is live yet; traffic is measured after the switch' },
      'skipped',
    );
  }
  await run.steps.take({ step: 'meter', reason }, async () => {
    await watch.startMeter();
    if (operation.kind === 'apply') await run.request.platform.clock.sleep(baselineMs, signal);
  });
}

/** A breach does not wait for the end of what is being proven; that is told to stop by the same signal. */
function whileUnbroken(proving: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const broken = () => reject(signal.reason);
    if (signal.aborted) broken();
    signal.addEventListener('abort', broken, { once: true });
    proving.then(resolve, reject).finally(() => signal.removeEventListener('abort', broken));
  });
}

async function bake(run: Run, operation: Operation, signal: AbortSignal): Promise<void> {
  const { bake: asked } = run.request.settings;
  const ms = operation.kind === 'rollback' ? Math.min(asked, rollbackBakeMs) : asked;
  const reason = `${Math.round(ms / 100) / 10} s under watch; a breach goes back at once`;
  await run.steps.take({ step: 'bake', reason }, async () => {
    const { clock, emit } = run.request.platform;
    const until = clock.monotonic() + ms;
    for (let left = ms; left > 0; left = until - clock.monotonic()) {
      emit({ type: 'progress', step: 'bake', done: ms - left, total: ms, text: operation.release.version });
      await clock.sleep(Math.min(left, 1_000), signal);
    }
  });
}

async function openWatch(run: Run, operation: Operation): Promise<Watch> {
  const { target, platform, startMeter, settings, slo } = run.request;
  const inventory = await target.inspect();
  const running = Object.values(inventory.components).flatMap(({ colors }) => [
    colors.blue.release,
    colors.green.release,
  ]);
  const versions = new Set([operation.release.version]);
  for (const release of running) if (release) versions.add(release.version);
  const components = await componentsOf(run, operation);
  return new Watch({ target, platform, startMeter, settings, slo, components, versions: [...versions] });
}

async function retire(run: Run, operation: Operation, watch: Watch): Promise<Ending> {
  try {
    await enter(run, operation, 'retiring');
    await remember(run.target.journal, releaseOf(operation.release), run.token);
    await retireOld(run, operation);
  } catch (error) {
    await stopSoon(run, watch);
    throw causeOf(run, error);
  }
  await finishWatch(run, watch);
  await close(run);
  return provenEnding(run, operation);
}

/** Only the old colour is left to retire: a dead run had proven the new one. */
export async function retireProven(run: Run, operation: Operation): Promise<Ending> {
  await enter(run, operation, 'retiring');
  await remember(run.target.journal, releaseOf(operation.release), run.token);
  await retireOld(run, operation);
  await close(run);
  const result = operation.kind === 'rollback' ? 'rolled-back' : 'cut-over';
  return {
    verdict: 'passed',
    result,
    reason: `${operation.release.version} is live; it had been proven before the run ended`,
  };
}

function provenEnding(run: Run, operation: Operation): Ending {
  const { version } = operation.release;
  const verdict = worst(run.gates.map((gate) => gate.verdict));
  const result = operation.kind === 'rollback' ? 'rolled-back' : 'cut-over';
  const bad = run.gates
    .filter((gate) => gate.verdict !== 'passed')
    .map(({ name, measured }) => `${name}: ${measured}`);
  const reason =
    bad.length === 0
      ? `${version} is live and every gate passed`
      : `${version} is live, but ${bad.join('; ')}`;
  return { verdict, result, reason };
}

async function goBack(run: Run, operation: Operation, cause: Error): Promise<Ending> {
  const reason = cause.message;
  if (operation.kind === 'rollback' && cause instanceof Breach) {
    run.note('error', 'breach', `${operation.release.version} is live as asked, but ${reason}`);
    await close(run);
    return { verdict: 'failed', result: 'rolled-back', reason };
  }
  const level = cause instanceof RouteChanged ? 'warning' : 'error';
  run.note(level, 'breach', `going back: ${reason}`);
  const seenAt = cause instanceof Breach ? cause.seenAt : run.request.platform.clock.now();
  return undo(run, operation, reason, seenAt);
}

/**
 * Every route back to where it was, the new colour removed, the journal closed. The intent and the route writes are
 * not held up by a cancellation: they take milliseconds, and half a switch is worse.
 */
export async function undo(run: Run, operation: Operation, reason: string, seenAt?: number): Promise<Ending> {
  Object.assign(operation, { direction: 'back', phase: 'switching', reason });
  await writeOperation(run.target.journal, operation, run.token);
  const before = run.switches.length;
  const stuck = await switchBack(run, operation);
  const moved = run.switches.length > before;
  if (moved && seenAt !== undefined) {
    run.rollback = { reason, breachAt: seenAt, verifiedAfterMs: run.request.platform.clock.now() - seenAt };
  }
  await enter(run, operation, 'retiring');
  await discardNew(run, operation);
  await close(run);
  if (stuck.length > 0) {
    return {
      verdict: 'failed',
      result: 'cut-over',
      reason: `${reason}; ${stuck.join(', ')} could not go back`,
    };
  }
  return { verdict: 'failed', result: moved ? 'rolled-back' : 'unchanged', reason };
}

async function finishWatch(run: Run, watch: Watch): Promise<void> {
  run.meter = await watch.stop();
  run.gates = [...watch.gates(), ...run.proven];
}

/** For a cancelled run: what the meter saw is worth half a second, not more. */
async function stopSoon(run: Run, watch: Watch): Promise<void> {
  await Promise.race([finishWatch(run, watch), run.request.platform.clock.sleep(500)]);
}

/** Why it stopped: of several reasons the one that matters most. */
function causeOf(run: Run, error: unknown, watch?: Watch): Error {
  try {
    run.check();
    watch?.breached.throwIfAborted();
  } catch (cause) {
    return cause instanceof Error ? cause : new Cancelled(messageOf(cause));
  }
  return error instanceof Error ? error : new Error(messageOf(error));
}

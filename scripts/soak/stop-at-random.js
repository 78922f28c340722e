import { setTimeout as delay } from 'node:timers/promises';
import { allLeft, chaosOf, chaosWorkspace } from '../../test/e2e/support/chaos-workspace.ts';
import { endOfFaults, leftBehind } from '../../test/support/left-behind.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';

const seed = 20_261_127;
/** So many environments of their own at the same time: most of the time a run is only waited for. */
const places = 4;
/** Beside others a run takes longer than alone. */
const stretch = 2;
const pollMs = 250;
/** After this nothing begins any more that the run had asked for. */
const settledMs = 3_000;
/** Without any fault nothing takes longer than this to be as it was. */
const restoredMs = 20_000;
/** One fault after the other, several at once, and some that restart instances. */
const argv = chaosOf('brief', 'renewed');

/**
 * Stops `cutover chaos` with a signal `count` times, each at an instant of its own within the time that a run takes.
 * `deadlineOf` says by when nothing may be left, from `until`, at which the last of its faults ends by itself, and `stoppedAt`;
 * all in milliseconds since 1970.
 * @returns figures: `worstMs` is the longest from the beginning of the allowed time to when nothing was left; for SIGKILL that
 *   time begins with `until`, for SIGINT with the signal
 */
export async function stopAtRandom(asked) {
  const lengthMs = await inWorkspace(lengthOfARun);
  const run = { ...asked, lengthMs, random: seededRandom(seed), left: asked.count, seen: [] };
  const work = (workspace) => stopAgainAndAgain(workspace, run);
  const ended = await Promise.allSettled(
    Array.from({ length: Math.min(places, asked.count) }, () => inWorkspace(work)),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  const { signal, count, seen } = run;
  const wrong = seen.filter(({ left }) => left.length > 0);
  const worstMs = Math.max(...seen.filter(({ acted }) => acted).map(({ goneMs }) => goneMs));
  const acting = seen.filter(({ acted }) => acted).length;
  return {
    figures: {
      signal,
      [signal === 'SIGKILL' ? 'kills' : 'interrupts']: count,
      acting,
      left: wrong.length,
      worstMs,
      seed,
    },
    wrong: wrong.map(({ instantMs, left }) => `${signal} after ${instantMs} ms: ${left.join('; ')}`),
  };
}

async function inWorkspace(work) {
  const workspace = await chaosWorkspace();
  try {
    return await work(workspace);
  } finally {
    await workspace.remove();
  }
}

async function stopAgainAndAgain(workspace, run) {
  while (run.left > 0) {
    run.left -= 1;
    const one = await stopOnce(workspace, run, run.random.below(stretch * run.lengthMs));
    // It had ended before the signal came.
    if (one === undefined) run.left += 1;
    else tell(run, one);
  }
}

/** An undisturbed one. Under faults like these it need not pass. @throws Error when it could not be made */
async function lengthOfARun(workspace) {
  const began = performance.now();
  const { verdict, reason, experiments } = await workspace.json(argv);
  const isMade = experiments?.every(({ faults }) =>
    faults.every(({ injectedAt }) => injectedAt !== undefined),
  );
  if (!isMade) throw new Error(`an undisturbed run: ${verdict}, ${reason}`);
  return Math.round(performance.now() - began);
}

function tell({ seen, count, signal }, one) {
  seen.push(one);
  const bad = seen.filter(({ left }) => left.length > 0).length;
  if (one.left.length > 0 || seen.length % 10 === 0) {
    console.log(`${seen.length} of ${count} ${signal}, ${bad} left something: ${one.left.join('; ')}`);
  }
}

async function stopOnce(workspace, { signal, deadlineOf }, instantMs) {
  const started = workspace.start(argv);
  await delay(instantMs);
  const stoppedAt = Date.now();
  started.child.kill(signal);
  const end = await started.ended;
  if (signal === 'SIGKILL' ? end.signal !== signal : end.code !== 130) return undefined;
  const { from, acted, goneAt } = await watch(workspace, { signal, stoppedAt, deadlineOf });
  const left = [...(await allLeft(workspace)), ...(await heal(workspace))];
  return { instantMs, acted, left, goneMs: goneAt - from };
}

/** Only looks, until the deadline has come, or until nothing can be left because nothing had begun. */
async function watch({ folder }, { signal, stoppedAt, deadlineOf }) {
  let until = 0;
  let goneAt = stoppedAt;
  for (;;) {
    until = Math.max(until, (await endOfFaults(folder)) ?? 0);
    const isClean = (await leftBehind(folder)).length === 0;
    const now = Date.now();
    if (!isClean) goneAt = now;
    const isNothing = until === 0 && isClean && now >= stoppedAt + settledMs;
    const deadline = until > 0 ? deadlineOf({ until, stoppedAt }) : stoppedAt + restoredMs;
    if (isNothing || now >= deadline) break;
    await delay(pollMs);
  }
  return { from: signal === 'SIGKILL' ? until : stoppedAt, acted: until > 0, goneAt };
}

/** The journal of a run that was stopped, so that the next one may begin. @returns what went wrong */
async function heal(workspace) {
  const { verdict, reason } = await workspace.json(['chaos', 'revert']);
  return verdict === 'passed' ? [] : [`chaos revert: ${verdict}, ${reason}`];
}

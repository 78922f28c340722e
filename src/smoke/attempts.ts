import type { Clock } from '../platform/clock.ts';
import { Cancelled } from '../platform/errors.ts';
import type { Attempt } from './check.ts';
import { TimeUp } from './reach.ts';

export interface Plan {
  timeoutMs: number;
  retryForMs: number;
  everyMs: number;
  withinMs: number | undefined;
}

/** How all attempts at one check went. */
export interface Tried {
  /** The one that counts. */
  last: Attempt;
  /** The first failure, where there was one. */
  first: Extract<Attempt, { ok: false }> | undefined;
  attempts: number;
  durationMs: number;
}

export interface Trying {
  clock: Clock;
  /** Of the run. */
  signal: AbortSignal;
  /** One try; its signal aborts with a {@link TimeUp} when its time is over. */
  attempt: (signal: AbortSignal) => Promise<Attempt>;
}

/** Tries until it passes or `retryForMs` is over; the last try may begin just before that. Rejects when cancelled. */
export async function tryFor(plan: Plan, trying: Trying): Promise<Tried> {
  const { clock, signal } = trying;
  const startedMs = clock.monotonic();
  let first: Tried['first'];
  for (let attempts = 1; ; attempts += 1) {
    const last = await timed(plan, trying);
    if (!last.ok) first ??= last;
    const durationMs = clock.monotonic() - startedMs;
    if (last.ok || durationMs + plan.everyMs > plan.retryForMs) return { last, first, attempts, durationMs };
    await clock.sleep(plan.everyMs, signal);
  }
}

async function timed(plan: Plan, { clock, signal, attempt }: Trying): Promise<Attempt> {
  const startedMs = clock.monotonic();
  const tried = await limited(plan.timeoutMs, { clock, signal, attempt });
  return tried.ok ? inTime(tried, tried.ms ?? clock.monotonic() - startedMs, plan.withinMs) : tried;
}

function inTime(attempt: Extract<Attempt, { ok: true }>, ms: number, withinMs: number | undefined): Attempt {
  if (withinMs === undefined || ms <= withinMs) return attempt;
  const detail = `right, but after ${Math.round(ms)} ms, allowed are ${withinMs} ms (${attempt.detail})`;
  return { ok: false, finding: 'slow', detail, ...(attempt.load ? { load: attempt.load } : {}) };
}

/** A moment in which a kind may still say itself what it was waiting for when its time was over. */
const graceMs = 200;

/** Gives up at the end of the time, or at once when the run is cancelled, whatever the attempt makes of its signal. */
async function limited(timeoutMs: number, { clock, signal, attempt }: Trying): Promise<Attempt> {
  signal.throwIfAborted();
  const own = new AbortController();
  const settled = new AbortController();
  const all = AbortSignal.any([own.signal, signal]);
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: settled.signal });
  });
  const late = clock.sleep(timeoutMs, settled.signal).then(async (): Promise<Attempt> => {
    own.abort(new TimeUp(timeoutMs));
    await clock.sleep(graceMs, settled.signal);
    return timeUp(timeoutMs);
  });
  late.catch(() => {}); // It is settled by `settled` when the attempt was faster.
  try {
    return await Promise.race([attempt(all), late, cancelled]);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TimeUp) return timeUp(timeoutMs);
    throw error;
  } finally {
    settled.abort(new Cancelled('settled'));
  }
}

const timeUp = (timeoutMs: number): Attempt => ({
  ok: false,
  finding: 'unhealthy',
  detail: `no answer within ${timeoutMs} ms`,
});

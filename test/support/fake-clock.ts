import type { Clock } from '../../src/platform/clock.ts';

interface Sleeper {
  at: number;
  wake: () => void;
}

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves time on, waking sleepers in order and letting what they do happen before the next one wakes. */
  advance(ms: number): Promise<void>;
  /** How many sleepers wait. */
  readonly sleeping: number;
}

/** Lets promises and immediates that are due run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = 0;
  const sleepers = new Set<Sleeper>();
  const next = (until: number) =>
    [...sleepers].filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => start + now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const sleeper: Sleeper = {
          at: now + Math.max(0, ms),
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        const abort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', abort, { once: true });
        sleepers.add(sleeper);
      }),
    advance: async (ms) => {
      const until = now + ms;
      await settle();
      for (let due = next(until); due; due = next(until)) {
        now = Math.max(now, due.at);
        due.wake();
        await settle();
      }
      now = until;
    },
    get sleeping() {
      return sleepers.size;
    },
  };
}

/** A clock whose sleeps end at once and move time on by what was slept: for loops that poll. */
export function hastyClock(start = Date.UTC(2026, 0, 1)): Clock {
  let now = 0;
  return {
    now: () => start + now,
    monotonic: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      now += Math.max(0, ms);
      await settle();
      signal?.throwIfAborted();
    },
  };
}

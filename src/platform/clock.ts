import { setTimeout as delay } from 'node:timers/promises';

/** Time, as the stages see it. */
export interface Clock {
  /** Milliseconds since 1970, for records and leases. */
  now(): number;
  /** Milliseconds from an arbitrary start that never go back, with fractions, for durations. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

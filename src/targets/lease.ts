import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors.ts';
import { type Lease, LeaseHeld, type LeaseStore, type Target } from './target.ts';

/** How long a lease lives without being renewed. A dead run's successor waits at most this long. */
export const leaseTtlMs = 10_000;

export interface LeaseRequest {
  target: Pick<Target, 'lease'>;
  clock: Clock;
  holder: string;
  signal: AbortSignal;
  ttlMs?: number;
  /** Told once when the lease cannot be had at once. */
  onWait?: (held: LeaseHeld) => void;
}

/**
 * Acquires the lease. While somebody holds it: whoever renews it is alive, and that is refused; a lease that nobody
 * renews belongs to a dead run and is taken over when it expires.
 * @throws LeaseHeld when the holder is alive
 */
export async function acquireLease(request: LeaseRequest): Promise<Lease> {
  const { target, clock, signal } = request;
  let first: LeaseHeld | undefined;
  for (;;) {
    const lease = await tryAcquire(target.lease, request);
    if (!(lease instanceof LeaseHeld)) return lease;
    if (first && isRenewed(first, lease)) throw lease;
    if (!first) request.onWait?.(lease);
    first ??= lease;
    const left = first.lease.expiresAt - clock.now();
    await clock.sleep(Math.min(Math.max(left, 20), 500), signal);
  }
}

async function tryAcquire(store: LeaseStore, request: LeaseRequest): Promise<Lease | LeaseHeld> {
  try {
    return await store.acquire({ holder: request.holder, ttlMs: request.ttlMs ?? leaseTtlMs });
  } catch (error) {
    if (error instanceof LeaseHeld) return error;
    throw error;
  }
}

function isRenewed(before: LeaseHeld, now: LeaseHeld): boolean {
  return now.lease.since !== before.lease.since || now.lease.expiresAt > before.lease.expiresAt;
}

/** A lease that is renewed in the background until it is released; `lost` aborts when it cannot be kept. */
export interface KeptLease {
  readonly token: number;
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Renews every third of the time to live. One failed renewal is retried; losing it aborts `lost`. */
export function keepLease(lease: Lease, clock: Clock, ttlMs: number = leaseTtlMs): KeptLease {
  const lost = new AbortController();
  const stop = new AbortController();
  const renewing = (async () => {
    let renewedAt = clock.monotonic();
    while (!stop.signal.aborted) {
      await clock.sleep(ttlMs / 3, stop.signal);
      try {
        await lease.renew();
        renewedAt = clock.monotonic();
      } catch (error) {
        const gone = error instanceof Error && error.name === 'LeaseLost';
        if (gone || clock.monotonic() - renewedAt >= ttlMs) {
          lost.abort(error instanceof Error ? error : new Error(messageOf(error)));
          return;
        }
      }
    }
  })().catch(() => {}); // Ends by `stop`.
  return {
    token: lease.token,
    lost: lost.signal,
    release: async () => {
      stop.abort();
      await renewing;
      if (!lost.signal.aborted) await lease.release();
    },
  };
}

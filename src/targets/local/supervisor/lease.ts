import { Fenced, LeaseHeld, type LeaseInfo, LeaseLost } from '../../target.ts';
import type { StoredLease } from '../state.ts';

/**
 * Gives out the lease with the next token.
 * @throws LeaseHeld while a lease has not expired, whoever holds it: two runs may go by the same name
 */
export function acquired(
  lease: StoredLease,
  request: { holder: string; ttlMs: number; now: number },
): StoredLease {
  const held = heldAt(lease, request.now);
  if (held) throw new LeaseHeld(held);
  const { holder, ttlMs, now } = request;
  return { token: lease.token + 1, held: { holder, since: now, expiresAt: now + ttlMs, ttlMs } };
}

/**
 * An expired lease that nobody took over can still be renewed.
 * @throws LeaseLost when it was taken over or given back
 */
export function renewed(lease: StoredLease, token: number, now: number): StoredLease {
  if (!lease.held || lease.token !== token) {
    const by = lease.held ? ` by ${lease.held.holder}` : '';
    throw new LeaseLost(`the lease was taken over${by}; this run must not change anything any more`);
  }
  return { ...lease, held: { ...lease.held, expiresAt: now + lease.held.ttlMs } };
}

/** Giving back a lease that is no longer held changes nothing. */
export function released(lease: StoredLease, token: number): StoredLease {
  return lease.held && lease.token === token ? { ...lease, held: null } : lease;
}

/** The lease as others see it, undefined when nobody holds it or it has expired. */
export function heldAt(lease: StoredLease, now: number): LeaseInfo | undefined {
  if (!lease.held || lease.held.expiresAt <= now) return undefined;
  const { holder, since, expiresAt } = lease.held;
  return { holder, since, expiresAt };
}

/** @throws Fenced when the token is not the newest one given out */
export function refuseFenced(lease: StoredLease, token: number): void {
  if (token === lease.token && token > 0) return;
  throw new Fenced(
    token < lease.token
      ? `the lease was given to another run since (token ${token}, now ${lease.token}); nothing was changed`
      : `the lease token ${token} was never given out; nothing was changed`,
  );
}

import type { Attempt } from './check.ts';

export type Failure = Extract<Attempt, { ok: false }>;

/** What was reached is not as it should be. `next` says what a person can do about it, where that is known. */
export function unhealthy(detail: string, next?: string): Failure {
  return { ok: false, finding: 'unhealthy', detail, ...(next === undefined ? {} : { next }) };
}

import type { Verdict } from '../platform/verdict.ts';

/** What the process says when it ends; 2 is a command line or an input that cannot be used. */
export const exitCodes: Readonly<Record<Verdict | 'usage', number>> = {
  passed: 0,
  failed: 1,
  usage: 2,
  inconclusive: 3,
  cancelled: 130,
};

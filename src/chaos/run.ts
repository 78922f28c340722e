import type { ChaosOutcome, ChaosRequest } from './request.ts';

/**
 * Runs experiments one after the other, or as `parallel` and `after` say: a steady state, faults, what has to hold while
 * they last, their undoing, the recovery and the steady state again. Whatever happens, no fault outlives its timer.
 * Rejects with bugs only.
 */
export async function runChaos(request: ChaosRequest): Promise<ChaosOutcome> {
  throw new Error(`not in this commit: ${request.mode}`);
}

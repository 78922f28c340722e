import type { NetworkEffect } from '../../../fault.ts';

/** A disturbance of what one colour's requests and answers pass through. */
export interface ProxyFault {
  readonly id: string;
  /** Instances by id: only what is sent to them is touched. */
  readonly instances: readonly string[] | 'all';
  readonly effect: NetworkEffect;
}

/** What a fault has done since it was set. */
export interface FaultCounts {
  /**
   * Requests and upgraded connections that it acted on, each once: delayed, throttled, reset, taken and not answered,
   * answered in the component's place; for `slow-close`, connections that were kept open.
   */
  touched: number;
  /** Bytes, heads included, that passed under a `bandwidth` effect; 0 for the others. */
  passedBytes: number;
}

import type { Protect } from '../../src/config/model.ts';

/** What an environment without the key `protect` has. */
export const unprotected: Protect = {
  minHealthy: undefined,
  maxPercent: undefined,
  components: undefined,
  lastReplica: 'refuse',
  window: undefined,
};

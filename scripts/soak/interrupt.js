import { stopAtRandom } from './stop-at-random.js';

/**
 * `npm run soak -- interrupt [<times>]`: chaos runs are cancelled with SIGINT at random instants (40). 5 s later nothing of
 * their faults may be left, long before they end by themselves.
 */
export function run(times = 40) {
  return stopAtRandom({ signal: 'SIGINT', count: times, deadlineOf: ({ stoppedAt }) => stoppedAt + 5_000 });
}

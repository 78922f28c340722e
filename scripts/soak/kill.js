import { stopAtRandom } from './stop-at-random.js';

/**
 * `npm run soak -- kill [<kills>]`: chaos runs are killed with SIGKILL at random instants (100). Nobody comes back; 5 s after
 * the time to live of their faults nothing of them may be left.
 */
export function run(kills = 100) {
  return stopAtRandom({ signal: 'SIGKILL', count: kills, deadlineOf: ({ until }) => until + 5_000 });
}

import { plural } from '../../report/format.ts';
import { faultKind } from '../fault.ts';
import { unanswered } from './probes.ts';
import { idsOf, instanceIn, leastShare, shareOfLooks } from './readings.ts';

/** Nothing answers, and nothing is closed either. */
export const pause = faultKind({
  kind: 'pause',
  description:
    'Freezes processes (SIGSTOP): connections stay open and nothing answers, as when a host stalls or a garbage collector does.',
  example: `
- name: a gateway stalls
  fault: { kind: pause, component: gateway, count: 1 }
  for: 5s
  expect: { error-rate: <10% }
  recovery: { within: 5s }
`,
  seenBy:
    'The kernel tells that the process is stopped, at four of five looks or more; how many probes had no answer is told beside it.',
  limits:
    'Timers of the process ring late and all at once when it goes on. What supervises an instance may find it unhealthy and replace it.',
  entries: {},
  hits: 'instances',
  takesDown: true,
  support: {
    local: {
      permission: 'none',
      how: 'SIGSTOP to the process group of the instance, SIGCONT when it is over',
    },
  },
  disturbance: (_, { chosen }) => ({ kind: 'pause', instances: idsOf(chosen) }),
  witness: (_, evidence, { chosen }) => {
    const { before, during } = evidence;
    const stopped = chosen.filter(({ id }) => {
      const known = instanceIn(before.reading, id)?.identity;
      // A process that took its place after it was found to be unwell is not the one that was frozen.
      const looks = during.readings
        .map((reading) => instanceIn(reading, id))
        .filter((now) => known !== undefined && now?.identity === known);
      return shareOfLooks(looks, (now) => now?.process === 'stopped') >= leastShare;
    });
    const { hits, of } = unanswered(evidence);
    return {
      seen: stopped.length === chosen.length,
      detail: `${stopped.length} of ${plural(chosen.length, 'process', 'processes')} stopped; ${hits} of ${of} probes without an answer`,
      ratio: stopped.length / chosen.length,
    };
  },
});

import * as v from 'valibot';
import { choice, duration } from '../../config/schema/fields.ts';
import { formatDuration } from '../../config/values/duration.ts';
import { duration as shown } from '../../report/format.ts';
import { faultKind, type Probe } from '../fault.ts';
import { affectedShare } from './network.ts';
import { leastProbes, quantileOf } from './probes.ts';
import { leastShare } from './readings.ts';

const mostDelayMs = 60_000;

/** Answers are late. Whether they are is seen from outside, on requests of our own. */
export const latency = faultKind({
  kind: 'latency',
  description: 'Delays requests on their way to the component, with jitter.',
  example: `
- name: a slow network
  fault: { kind: latency, delay: 100ms, jitter: 20ms }
  expect: { p99: <300ms }
`,
  seenBy:
    'Round trips of the probes grew by at least 80 % of the delay, in the middle of those that are hit.',
  limits:
    "Whole requests are delayed, once each, not packets: TCP's own reaction to a slow line is not to be seen. A delay of 5 s and more makes the probes time out.",
  entries: {
    delay: duration('How much longer each affected request takes.', [1, mostDelayMs]),
    jitter: v.optional(
      duration('Spread around it: half the width, the standard deviation, or the scale.', [0, mostDelayMs]),
      0,
    ),
    distribution: v.optional(
      choice('How the spread is distributed.', ['uniform', 'normal', 'pareto']),
      'normal',
    ),
    share: affectedShare('Share of the requests that are delayed.'),
  },
  hits: 'component',
  takesDown: false,
  support: {
    local: { permission: 'none', how: 'the embedded proxy holds requests back' },
  },
  disturbance: ({ delay, jitter, distribution, share }, { component, color }) => ({
    kind: 'network',
    component: component.name,
    color,
    instances: 'all',
    effect: { effect: 'latency', delayMs: delay, jitterMs: jitter, distribution, share },
  }),
  witness: ({ delay, share }, { before, during }) => {
    const [was, is] = [answered(before.probes), answered(during.probes)];
    if (was.length < leastProbes || is.length < leastProbes) {
      return {
        seen: false,
        detail: `only ${was.length} round trips before and ${is.length} while it lasted`,
      };
    }
    const at = affectedQuantile(share);
    const moreMs = quantileOf(is, at) - quantileOf(was, 0.5);
    const detail = `round trip +${shown(moreMs)} of ${formatDuration(delay)} asked`;
    return { seen: moreMs >= leastShare * delay, detail, ratio: moreMs / delay };
  },
});

/** The middle of the delayed round trips, among all of them: the median where every request is delayed. */
const affectedQuantile = (share: number): number => 1 - share / 2;

const answered = (probes: readonly Probe[]): readonly number[] =>
  probes.filter(({ outcome }) => outcome === 'answered').map(({ ms }) => ms);

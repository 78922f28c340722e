import { offset } from '../../config/schema/amounts.ts';
import { formatDuration } from '../../config/values/duration.ts';
import { duration as shown } from '../../report/format.ts';
import { type FaultAim, faultKind, type Probe } from '../fault.ts';
import { graceEntry } from './grace.ts';
import { leastProbes, medianOf, quantileOf } from './probes.ts';
import { idsOf, leastShare } from './readings.ts';

const dayMs = 86_400_000;

/** The instances are started again with a lie about the time, and once more without it when it is over. */
export const clockSkew = faultKind({
  kind: 'clock-skew',
  description: 'Starts instances again with a clock that is wrong, until the fault is over.',
  example: `
- name: a clock five minutes behind
  fault: { kind: clock-skew, component: gateway, count: 1, offset: -5m }
  clock: { http: /time, json: now }
  expect: { error-rate: <1% }
`,
  seenBy:
    'The time in the answers of the probes (clock, or the Date header) moved by at least 80 % of the offset, in the middle of those that are hit.',
  limits:
    'Instances are started again when it begins and when it ends. Only the wall clock of the process is wrong: monotonic time, timers, the kernel, file times and other programs stay right. It does not drift or jump while the process runs.',
  entries: {
    offset: offset('How far their clock is ahead; with a minus, behind.', [1, 3_650 * dayMs]),
    grace: graceEntry,
  },
  hits: 'instances',
  takesDown: true,
  support: {
    local: {
      permission: 'none',
      how: 'a preload for what Node runs, libfaketime for other programs where it is installed',
      fallback:
        'CUTOVER_CLOCK_OFFSET_MS for programs that look at it themselves; others are not hit, and not seen to be',
    },
  },
  disturbance: ({ offset: offsetMs, grace }, { chosen }) => ({
    kind: 'restart',
    instances: idsOf(chosen),
    graceMs: grace,
    env: {},
    lie: { about: 'clock', offsetMs },
  }),
  witness: ({ offset: offsetMs }, { before, during }, aim) => {
    const [was, is] = [skews(before.probes), skews(during.probes)];
    if (was.length < leastProbes || is.length < leastProbes) {
      const detail = `only ${was.length} answers before and ${is.length} while it lasted tell a time; say at clock: where it stands`;
      return { seen: false, detail };
    }
    const moved = quantileOf(is, skewedQuantile(aim, offsetMs)) - medianOf(was);
    const detail = `server time ${signed(moved, shown)} of ${signed(offsetMs, formatDuration)} asked`;
    return { seen: moved / offsetMs >= leastShare, detail, ratio: moved / offsetMs };
  },
});

/** How far ahead of ours the time in each answer is. */
const skews = (probes: readonly Probe[]): readonly number[] =>
  probes.flatMap(({ at, ms, serverTime }) => (serverTime === undefined ? [] : [serverTime - at - ms / 2]));

/** The middle of the answers of those that were chosen, among the answers of all. */
function skewedQuantile({ chosen, all }: FaultAim, offsetMs: number): number {
  const half = chosen.length / all.length / 2;
  return offsetMs > 0 ? 1 - half : half;
}

const signed = (ms: number, format: (ms: number) => string): string =>
  `${ms < 0 ? '-' : '+'}${format(Math.abs(ms))}`;

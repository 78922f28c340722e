import { offset } from '../../config/schema/amounts.ts';
import { formatDuration } from '../../config/values/duration.ts';
import { duration as shown } from '../../report/format.ts';
import { faultKind, type Probe } from '../fault.ts';
import { graceEntry } from './grace.ts';
import { intervalOf, leastProbes, medianOf } from './probes.ts';
import { idsOf, leastShare } from './readings.ts';

const dayMs = 86_400_000;
/** Where some instances are hit, it is up to who balances how many answers come from those. */
const leastMoved = 3;

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
    'The time in the answers of the probes (clock, or the Date header) moved by at least 80 % of the offset: in four of five answers where all instances are hit, else in three at least, and in more than before.',
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
  witness: ({ offset: offsetMs }, { before, during }, { chosen, all }) => {
    const [was, is] = [skews(before.probes), skews(during.probes)];
    if (was.length < leastProbes || is.length < leastProbes) {
      const detail = `only ${was.length} answers before and ${is.length} while it lasted tell a time; say at clock: where it stands`;
      return { seen: false, detail };
    }
    const usual = medianOf(was);
    const moved = (skew: number) => (skew - usual) / offsetMs >= leastShare;
    const [hits, anyway] = [is.filter(moved), was.filter(moved)];
    const least = chosen.length === all.length ? leastShare * is.length : leastMoved;
    const isMore = intervalOf({ hits: hits.length, of: is.length }).low > anyway.length / was.length;
    const movedMs = hits.length === 0 ? medianOf(is) - usual : medianOf(hits) - usual;
    const detail = `server time ${signed(movedMs, shown)} of ${signed(offsetMs, formatDuration)} asked, in ${hits.length} of ${is.length} answers`;
    return { seen: hits.length >= least && isMore, detail, ratio: movedMs / offsetMs };
  },
});

/** How far ahead of ours the time in each answer is. */
const skews = (probes: readonly Probe[]): readonly number[] =>
  probes.flatMap(({ at, ms, serverTime }) => (serverTime === undefined ? [] : [serverTime - at - ms / 2]));

const signed = (ms: number, format: (ms: number) => string): string =>
  `${ms < 0 ? '-' : '+'}${format(Math.abs(ms))}`;

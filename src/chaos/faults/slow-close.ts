import { duration } from '../../config/schema/fields.ts';
import { formatDuration } from '../../config/values/duration.ts';
import { duration as shown } from '../../report/format.ts';
import { faultKind, type Probe } from '../fault.ts';
import { networkEffect } from './network.ts';
import { leastProbes, medianOf } from './probes.ts';
import { leastShare } from './readings.ts';

/** Clients and servers run out of connections, not of answers. */
export const slowClose = faultKind({
  kind: 'slow-close',
  description: 'Keeps connections open for a while that should be closed.',
  example: `
- name: connections linger
  fault: { kind: slow-close, delay: 2s }
  for: 10s
  traffic: { connections: new }
  expect: { error-rate: 0 }
`,
  seenBy:
    'Probes that leave the closing to the other side see their connection closed later than before by at least 80 % of the delay.',
  limits:
    'Only connections that are to be closed are kept: where clients keep theirs alive there is nothing to see but in the probes. for has to be longer than delay.',
  entries: { delay: duration('How much later they are closed.', [10, 60_000]) },
  probesUntilClosed: true,
  hits: 'component',
  takesDown: false,
  support: {
    local: { permission: 'none', how: 'the embedded proxy closes connections to clients and instances late' },
  },
  disturbance: ({ delay }, aim) => networkEffect(aim, { effect: 'slow-close', delayMs: delay }),
  witness: ({ delay }, { before, during }) => {
    // Those that the end of the fault has closed say nothing about how long it would have kept them.
    const inTime = during.probes.filter(({ at, ms }) => at + ms + delay <= during.until);
    const [was, is] = [openTimes(before.probes), openTimes(inTime)];
    if (was.length < leastProbes || is.length < leastProbes) {
      const detail = `only ${was.length} connections watched before and ${is.length} for as long as it takes`;
      return { seen: false, detail };
    }
    const moreMs = medianOf(is) - medianOf(was);
    const detail = `connections closed ${shown(moreMs)} later of ${formatDuration(delay)} asked`;
    return { seen: moreMs >= leastShare * delay, detail, ratio: moreMs / delay };
  },
});

const openTimes = (probes: readonly Probe[]): readonly number[] =>
  probes.flatMap(({ outcome, openMs }) => (outcome === 'answered' && openMs !== undefined ? [openMs] : []));

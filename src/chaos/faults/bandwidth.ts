import * as v from 'valibot';
import { byteRate } from '../../config/schema/amounts.ts';
import { choice } from '../../config/schema/fields.ts';
import { faultKind } from '../fault.ts';
import { perSecond } from './amounts.ts';
import { networkEffect } from './network.ts';

/** How far what passed may be from what was asked. */
const tolerance = 0.2;
/** Between the first look and the last. */
const leastMs = 500;

/** A line that carries less. Whether it does is seen only when more is to be carried. */
export const bandwidth = faultKind({
  kind: 'bandwidth',
  description: 'Lets no more than so many bytes per second through, over all connections together.',
  example: `
- name: a narrow line
  fault: { kind: bandwidth, rate: 256KiB/s, direction: answers }
  traffic: { path: /orders, rate: 200/s }
  expect: { error-rate: <5% }
`,
  seenBy: 'Bytes that passed in a second are within 20 % of the rate.',
  limits:
    'With less to be sent than the rate allows nothing is held up, and it is inconclusive: send more, or larger requests. Packet loss, duplication, reordering and corruption are beyond what a proxy of TCP can do.',
  entries: {
    rate: byteRate('So much passes.', [1024, 10e9]),
    direction: v.optional(choice('Which way is narrow.', ['requests', 'answers', 'both']), 'both'),
  },
  hits: 'component',
  takesDown: false,
  support: {
    local: { permission: 'none', how: 'the embedded proxy sends no faster' },
  },
  disturbance: ({ rate, direction }, aim) =>
    networkEffect(aim, { effect: 'bandwidth', bytesPerSecond: rate, direction }),
  witness: ({ rate }, { during }) => {
    const looks = during.readings.flatMap(({ at, passedBytes: bytes }) =>
      bytes === undefined ? [] : [{ at, bytes }],
    );
    const [first, last] = [looks[0], looks.at(-1)];
    if (!first || !last || last.at - first.at < leastMs) {
      return { seen: false, detail: 'what passed was not counted for long enough' };
    }
    const passed = ((last.bytes - first.bytes) / (last.at - first.at)) * 1_000;
    const detail = `${perSecond(passed)} passed of ${perSecond(rate)} asked`;
    const ratio = passed / rate;
    if (ratio > 1 + tolerance) return { seen: false, detail: `${detail}: it is not held to that`, ratio };
    if (ratio >= 1 - tolerance) return { seen: true, detail, ratio };
    return {
      seen: false,
      detail: `${detail}: no more was to be sent, so that the limit was not reached`,
      ratio,
    };
  },
});

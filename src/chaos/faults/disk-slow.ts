import * as v from 'valibot';
import { wholeNumber } from '../../config/schema/fields.ts';
import { duration } from '../../report/format.ts';
import { faultKind } from '../fault.ts';
import { medianOf } from './probes.ts';

/** A small synchronous write has to take so many times as long as before, and so much longer, in milliseconds. */
const clearly = { times: 2, moreMs: 1 };

/** A disk that others keep busy. How slow it gets is the disk's affair: it cannot be asked for. */
export const diskSlow = faultKind({
  kind: 'disk-slow',
  description:
    "Keeps the disk of the component's data folder busy with synchronous writes, so that others wait.",
  example: `
- name: a busy disk
  fault: { kind: disk-slow, workers: 4 }
  expect: { p99: <100ms }
`,
  seenBy:
    'A write of 4 KiB to the same folder takes at least twice as long until it is durable as before, and 1 ms more.',
  limits:
    "How much slower is up to the disk and cannot be asked for; one that is too fast to be held up makes it inconclusive. Reads are not slowed down on purpose. The disk is everybody's.",
  entries: {
    workers: v.optional(wholeNumber('So many write at the same time.', [1, 64]), 4),
  },
  hits: 'component',
  takesDown: false,
  support: {
    local: {
      permission: 'none',
      how: 'writes of 8 MiB to the data folder, each durable before the next; how much others are held up is up to the disk',
    },
  },
  disturbance: ({ workers }, { component }) => ({ kind: 'disk-slow', component: component.name, workers }),
  witness: (_, { before, during }) => {
    const was = before.reading.syncWriteMs;
    const looks = during.readings.flatMap(({ syncWriteMs }) => syncWriteMs ?? []);
    if (was === undefined || looks.length === 0) {
      return { seen: false, detail: 'no write to the data folder could be timed' };
    }
    const is = medianOf(looks);
    const isClear = is >= clearly.times * was && is - was >= clearly.moreMs;
    const detail = `a small synchronous write took ${duration(is)}, before it ${duration(was)}`;
    return { seen: isClear, detail: isClear ? detail : `${detail}: this disk is not slowed down by that` };
  },
});

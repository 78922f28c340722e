import * as v from 'valibot';
import { size } from '../../config/schema/amounts.ts';
import { percentage } from '../../config/schema/fields.ts';
import { faultKind } from '../fault.ts';
import { mebibytes } from './amounts.ts';
import { heldAllTheWhile, idsOf } from './readings.ts';

const mib = 1024 ** 2;

/** A neighbour that takes memory, and touches it, so that it is really taken. */
export const memory = faultKind({
  kind: 'memory',
  description: 'Takes memory where the instances run.',
  example: `
- name: memory gets scarce
  fault: { kind: memory, share: 50% }
  expect: { p99: <100ms }
`,
  seenBy: 'Resident memory of what took it, at least 80 % of what was asked at four of five looks or more.',
  limits:
    "On local it is the machine's memory. share is of what is available when it begins. No limit of a single process is exhausted by it.",
  entries: {
    bytes: v.optional(size('So much is taken.', [mib, 1024 ** 4])),
    share: v.optional(percentage('Such a share of what is available is taken.', [0.01, 1])),
  },
  oneOf: ['bytes', 'share'],
  hits: 'instances',
  takesDown: false,
  support: {
    local: {
      permission: 'none',
      how: 'an agent on the same machine takes it and writes to it; it is the first to go when memory runs out',
      fallback: 'refused where less than a tenth of the machine or 256 MiB would be left',
    },
  },
  disturbance: ({ bytes, share }, { chosen }) => ({ kind: 'memory', instances: idsOf(chosen), bytes, share }),
  witness: ({ bytes, share = 0 }, { before, during }) =>
    heldAllTheWhile(
      during.readings.map(({ memoryBytes }) => memoryBytes),
      { asked: bytes ?? share * (before.reading.memoryAvailableBytes ?? 0), say: mebibytes },
    ),
});

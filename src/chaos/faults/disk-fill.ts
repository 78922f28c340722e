import * as v from 'valibot';
import { size } from '../../config/schema/amounts.ts';
import { faultKind } from '../fault.ts';
import { mebibytes } from './amounts.ts';
import { heldAllTheWhile } from './readings.ts';

const mib = 1024 ** 2;
const largest = 100 * 1024 ** 4;

/** Logs or data that grew too large. */
export const diskFill = faultKind({
  kind: 'disk-fill',
  description: "Fills the disk of the component's data folder.",
  example: `
- name: the disk is nearly full
  fault: { kind: disk-fill, leave: 512MiB }
  expect: { error-rate: 0 }
`,
  seenBy:
    'Blocks that the file really occupies, at least 80 % of what was asked at four of five looks or more.',
  limits:
    "Both colours share the data folder, and whatever else is on the same disk is hit as well, on local Cutover's own state: with leave: 0 not even the lease can be renewed while it lasts. Quotas and inodes are left alone.",
  entries: {
    bytes: v.optional(size('So much is written.', [mib, largest])),
    leave: v.optional(size('So much is written that only this stays free.', [0, largest])),
  },
  oneOf: ['bytes', 'leave'],
  hits: 'component',
  takesDown: false,
  support: {
    local: {
      permission: 'none',
      how: 'a file in the data folder, which both colours share, of bytes that no file system can store in less',
      fallback: 'with bytes, refused where less than 256 MiB or 5 % of a small disk would be left',
    },
  },
  disturbance: ({ bytes, leave }, { component }) => ({
    kind: 'disk-fill',
    component: component.name,
    bytes,
    leaveBytes: leave,
  }),
  witness: ({ bytes, leave = 0 }, { before, during }) =>
    heldAllTheWhile(
      during.readings.map(({ diskBytes }) => diskBytes),
      { asked: bytes ?? (before.reading.diskFreeBytes ?? 0) - leave, say: mebibytes },
    ),
});

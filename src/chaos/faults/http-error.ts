import * as v from 'valibot';
import { text, wholeNumber } from '../../config/schema/fields.ts';
import { faultKind, type Probe } from '../fault.ts';
import { affectedShare, networkEffect } from './network.ts';
import { shareSeen, tally } from './probes.ts';

/** The component never sees the requests that are answered in its place. */
export const httpError = faultKind({
  kind: 'http-error',
  description: 'Answers requests with an error instead of sending them to the component.',
  example: `
- name: a share of errors
  fault: { kind: http-error, status: 503, share: 10% }
  expect: { error-rate: <15% }
`,
  seenBy:
    'Share of the probes that were answered with the status, compared with what was asked by a 95 % interval, and with how many were before.',
  limits: 'The component never sees those requests. Upgraded connections are left alone once they stand.',
  entries: {
    status: v.optional(wholeNumber('The status of the answer.', [400, 599]), 503),
    body: v.optional(text('The body of the answer.'), ''),
    share: affectedShare('Share of the requests that are answered so.'),
  },
  hits: 'component',
  takesDown: true,
  support: {
    local: { permission: 'none', how: 'the embedded proxy answers, with the header x-cutover-reason: fault' },
  },
  disturbance: ({ share, status, body }, aim) =>
    networkEffect(aim, { effect: 'http-error', share, status, body }),
  witness: ({ share, status }, { before, during }) => {
    const isHit = (probe: Probe) => probe.outcome === 'answered' && probe.status === status;
    return shareSeen(
      { before: tally(before.probes, isHit), during: tally(during.probes, isHit) },
      { asked: share, what: `answered with ${status}` },
    );
  },
});

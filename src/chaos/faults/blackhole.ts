import { faultKind } from '../fault.ts';
import { affectedShare, networkEffect } from './network.ts';
import { shareSeen, tally, unanswered } from './probes.ts';

/** A partition: nobody is told that nothing will come. */
export const blackhole = faultKind({
  kind: 'blackhole',
  description: 'Takes requests and never answers, as a network that has lost a part does.',
  example: `
- name: a network partition
  fault: { kind: blackhole }
  for: 5s
  traffic: { timeout: 500ms }
  recovery: { within: 10s }
`,
  seenBy:
    'Share of the probes that had no answer while it lasted, compared with what was asked by a 95 % interval; those sent in the last half second do not count.',
  limits:
    'Requests are swallowed before they reach the component, and sent on when it is over, so that a write that its client gave up may still be done. New connections are accepted: a SYN that is dropped is beyond the proxy, and so is UDP.',
  entries: { share: affectedShare('Share of the requests that are swallowed.') },
  hits: 'component',
  takesDown: true,
  support: {
    local: {
      permission: 'none',
      how: 'the embedded proxy keeps the requests, and the connections open; when it is over they are sent',
    },
  },
  disturbance: ({ share }, aim) => networkEffect(aim, { effect: 'blackhole', share }),
  witness: ({ share }, evidence) =>
    shareSeen(
      {
        before: tally(evidence.before.probes, ({ outcome }) => outcome === 'timeout'),
        during: unanswered(evidence),
      },
      { asked: share, what: 'unanswered' },
    ),
});

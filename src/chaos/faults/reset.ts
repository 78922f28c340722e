import { faultKind } from '../fault.ts';
import { affectedShare, networkEffect } from './network.ts';
import { shareSeen, tally } from './probes.ts';

/** The component may have done what it was told to; its client cannot know. */
export const reset = faultKind({
  kind: 'reset',
  description:
    "Resets the client's connection (TCP RST) instead of an answer; the request has reached the component.",
  example: `
- name: connections are reset
  fault: { kind: reset, share: 20% }
  expect: { error-rate: <25% }
`,
  seenBy:
    'Share of the probes whose connection was reset, compared with what was asked by a 95 % interval for so many probes.',
  limits:
    'The request has reached the component and was done there; only its client does not know. With a small share few probes are hit: of 1 %, ten requests a second show the first after some ten seconds.',
  entries: { share: affectedShare('Share of the requests whose connection is reset.') },
  hits: 'component',
  takesDown: true,
  support: {
    local: { permission: 'none', how: 'the embedded proxy resets the connection when the answer comes' },
  },
  disturbance: ({ share }, aim) => networkEffect(aim, { effect: 'reset', share }),
  witness: ({ share }, { before, during }) =>
    shareSeen(
      {
        before: tally(before.probes, ({ outcome }) => outcome === 'reset'),
        during: tally(during.probes, ({ outcome }) => outcome === 'reset'),
      },
      { asked: share, what: 'reset' },
    ),
});

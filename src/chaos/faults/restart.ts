import { plural } from '../../report/format.ts';
import { faultKind } from '../fault.ts';
import { graceEntry } from './grace.ts';
import { idsOf, replacedIn } from './readings.ts';

/** What a node drain, a deployment or an operator does, and what nobody should notice. */
export const restart = faultKind({
  kind: 'restart',
  description: 'Ends processes in an orderly way (SIGTERM) and starts them again.',
  example: `
- name: a gateway is restarted
  fault: { kind: restart, component: gateway, count: 1, grace: 5s }
  expect: { error-rate: 0 }
`,
  seenBy: 'Another process runs in its place.',
  limits:
    'It is over as soon as the new process runs; for is how long the service is watched. A process that does not end in grace is killed.',
  entries: { grace: graceEntry },
  hits: 'instances',
  takesDown: true,
  support: {
    local: { permission: 'none', how: 'the supervisor ends the processes and starts new ones' },
  },
  disturbance: ({ grace }, { chosen }) => ({
    kind: 'restart',
    instances: idsOf(chosen),
    graceMs: grace,
    env: {},
    lie: undefined,
  }),
  witness: (_, { before, during }, { chosen }) => {
    const replaced = replacedIn(idsOf(chosen), { before: before.reading, readings: during.readings });
    return {
      seen: replaced.length === chosen.length,
      detail: `${replaced.length} of ${plural(chosen.length, 'instance')} with a new process`,
      ratio: replaced.length / chosen.length,
    };
  },
});

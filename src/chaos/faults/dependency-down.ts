import { nameAllowed, namePattern } from '../../config/schema/component.ts';
import { pattern } from '../../config/schema/fields.ts';
import { percent } from '../../report/format.ts';
import { faultKind } from '../fault.ts';
import { tally } from './probes.ts';
import { idsOf, instanceIn, leastShare, shareOfLooks } from './readings.ts';

/**
 * `component` is the dependency, as it is what every fault hits. What is measured and expected is about the component that
 * traffic goes to: that one is to get along without it.
 */
export const dependencyDown = faultKind({
  kind: 'dependency-down',
  description:
    'Holds all instances of a component down that the one with the traffic depends on; expectations are about that one.',
  example: `
- name: gateway without matcher
  fault: { kind: dependency-down, component: matcher }
  traffic: { component: gateway, path: /orders }
  expect: { error-rate: <50%, p99: <500ms }
`,
  seenBy:
    'All its processes are gone at four of five looks or more, and no more than a fifth of the probes sent to it are answered (502 and 503 of a proxy before it are no answers).',
  limits:
    'component is the dependency, which must be one of the release file; traffic, expectations and recovery are about the component that traffic goes to. With aim: standby it is the standby copy of the dependency that goes down; where the service asks the live one, say color. Of databases and services that the release does not run, dns, or a kill of your own, has to do.',
  entries: {
    component: pattern('The dependency: this component is held down.', {
      noun: 'a component name',
      allowed: nameAllowed,
      pattern: namePattern,
    }),
  },
  hits: 'component',
  takesDown: true,
  support: {
    local: {
      permission: 'none',
      how: 'the supervisor ends the processes and does not start them until it is over',
    },
  },
  disturbance: (_, { all }) => ({
    kind: 'down',
    instances: idsOf(all.filter(({ pid, status }) => pid !== undefined && status !== 'exited')),
  }),
  witness: (_, { before, during }, { all }) => {
    const ran = all.filter(({ id }) => instanceIn(before.reading, id)?.process === 'running');
    const isGone = (id: string) =>
      shareOfLooks(during.readings, (look) => (instanceIn(look, id)?.process ?? 'gone') === 'gone') >=
      leastShare;
    const gone = ran.filter(({ id }) => isGone(id));
    // A proxy before it may answer in its place, and says 502 or 503 then.
    const answers = tally(during.probes, ({ status }) => status !== undefined && status < 500);
    const answered = answers.of === 0 ? 0 : answers.hits / answers.of;
    return {
      seen: ran.length > 0 && gone.length === ran.length && answered <= 1 - leastShare,
      detail: `${gone.length} of ${ran.length} instances gone; ${percent(answered)} of the probes to it were answered`,
      ratio: gone.length / ran.length,
    };
  },
});

import * as v from 'valibot';
import { percentage, wholeNumber } from '../../config/schema/fields.ts';
import { count } from '../../report/format.ts';
import { faultKind } from '../fault.ts';
import { idsOf, leastShare } from './readings.ts';

/** Between the first look and the last; CPU time of less says little. */
const leastMs = 500;

/** A neighbour that takes cores. */
export const cpu = faultKind({
  kind: 'cpu',
  description: 'Keeps cores busy where the instances run.',
  example: `
- name: a noisy neighbour
  fault: { kind: cpu, workers: 2, load: 80% }
  expect: { p99: <100ms }
`,
  seenBy: 'The CPU time that its workers got, at least 80 % of what was asked.',
  limits:
    "On local it is the machine's cores that are taken, from everything that runs there, Cutover itself among it. More workers than cores cannot get what they ask for, and are not seen to.",
  entries: {
    workers: v.optional(wholeNumber('So many cores are kept busy.', [1, 256]), 1),
    load: v.optional(percentage('Share of the time for which each of them is.', [0.01, 1]), '100%'),
  },
  hits: 'instances',
  takesDown: false,
  support: {
    local: {
      permission: 'none',
      how: 'threads of an agent on the same machine, so it hits whatever runs there',
    },
  },
  disturbance: ({ workers, load }, { chosen }) => ({ kind: 'cpu', instances: idsOf(chosen), workers, load }),
  witness: ({ workers, load }, { during }) => {
    const looks = during.readings.flatMap(({ at, cpuMs }) => (cpuMs === undefined ? [] : [{ at, cpuMs }]));
    const [first, last] = [looks[0], looks.at(-1)];
    if (!first || !last || last.at - first.at < leastMs) {
      return { seen: false, detail: 'its CPU time was not counted for long enough' };
    }
    const asked = workers * load;
    const cores = (last.cpuMs - first.cpuMs) / (last.at - first.at);
    const detail = `${count(cores, 2)} cores used of ${count(asked, 2)} asked`;
    return { seen: cores >= leastShare * asked, detail, ratio: cores / asked };
  },
});

import * as v from 'valibot';
import { choice, pattern } from '../../config/schema/fields.ts';
import { listOf } from '../../config/schema/leaf.ts';
import { plural } from '../../report/format.ts';
import { faultKind } from '../fault.ts';
import { graceEntry } from './grace.ts';
import { idsOf, replacedIn } from './readings.ts';

const hostName = pattern('A host name.', {
  noun: 'a host name',
  allowed: 'a host name such as db.internal, or * for every name',
  pattern:
    '^(?:\\*|(?=.{1,253}\\.?$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62}))*\\.?)$',
});

/** The instances are started again with a resolver that lies, and once more without it when it is over. */
export const dns = faultKind({
  kind: 'dns',
  description: 'Starts instances again with a resolver that answers wrongly, until the fault is over.',
  example: `
- name: the database cannot be found
  fault: { kind: dns, component: gateway, names: [db.internal], answer: not-found }
  expect: { error-rate: <5% }
`,
  seenBy:
    'The instances run as processes that were started for it, and look-ups of the names were answered so; none asked for is inconclusive.',
  limits:
    'Instances are started again when it begins and when it ends, so that nothing they had resolved before is left. Connections to addresses, and programs with a resolver of their own, are not hit. It is the resolver in the process that lies; no DNS server is involved.',
  entries: {
    names: listOf('Names that are answered so.', 'a list of host names, or * for every name', hostName),
    answer: v.optional(
      choice(
        'not-found: there is no such name. wrong: an address that nobody has. timeout: none in ten seconds.',
        ['not-found', 'wrong', 'timeout'],
      ),
      'not-found',
    ),
    grace: graceEntry,
  },
  hits: 'instances',
  takesDown: true,
  support: {
    local: {
      permission: 'none',
      how: 'a preload for what Node runs (node, npm, npx): everything that goes through its module dns, which net, http and fetch do',
    },
  },
  disturbance: ({ names, answer, grace }, { chosen }) => ({
    kind: 'restart',
    instances: idsOf(chosen),
    graceMs: grace,
    env: {},
    lie: { about: 'dns', names, answer },
  }),
  witness: ({ answer }, { before, during }, { chosen }) => {
    const replaced = replacedIn(idsOf(chosen), { before: before.reading, readings: during.readings });
    const touched = Math.max(0, ...during.readings.map((reading) => reading.touched ?? 0));
    const detail = `${plural(touched, 'look-up')} answered with ${answer} in ${plural(replaced.length, 'process', 'processes')} started for it`;
    if (replaced.length < chosen.length)
      return { seen: false, detail: `${detail}, of ${chosen.length} asked` };
    if (touched === 0) return { seen: false, detail: `${detail}: nobody asked for those names` };
    return { seen: true, detail };
  },
});

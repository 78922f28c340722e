import * as v from 'valibot';
import { nameAllowed, namePattern } from '../../config/schema/component.ts';
import { headersSchema } from '../../config/schema/cutover.ts';
import {
  choice,
  duration,
  httpPath,
  pattern,
  percentage,
  rate,
  text,
  wholeNumber,
} from '../../config/schema/fields.ts';
import { kindByName } from '../../config/schema/kinds.ts';
import { leaf, listOf, section } from '../../config/schema/leaf.ts';
import { list } from '../../config/schema/lists.ts';
import { faultKinds } from '../faults/index.ts';
import { abortSchema, expectSchema } from './expect.ts';
import { clockSchema, ledgerSchema } from './ledger.ts';

const minute = 60_000;
const hour = 60 * minute;

const componentName = (description: string) =>
  pattern(description, { noun: 'a component name', allowed: nameAllowed, pattern: namePattern });

const experimentName = (description: string) =>
  pattern(description, {
    noun: 'a name',
    allowed: 'up to 80 characters on one line, without a blank or hyphen first',
    pattern: '^[^\\s\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,79}$',
  });

/** Keys that every fault has. */
export const commonEntries = {
  component: v.optional(componentName('Component that is hit. Default: that of traffic.')),
  color: v.optional(choice('Colour that is hit, whatever the aim.', ['blue', 'green'])),
  count: v.optional(wholeNumber('So many of its instances. Default: 1.', [1, 10_000])),
  percent: v.optional(percentage('Such a share of its instances, rounded down, and at least one.')),
};

export const faultSchema = kindByName({
  noun: 'fault',
  description: 'What is broken.',
  common: commonEntries,
  kinds: faultKinds,
});

const steadySchema = section('What has to be so before the fault and after it.', {
  checks: v.optional(
    listOf(
      'Checks of smoke that have to pass. Default: all but those of kind load.',
      'a list of names of checks',
      text('Name of a check.'),
    ),
  ),
  watch: v.optional(
    duration('So long traffic is measured before the fault and after it.', [500, hour]),
    '2s',
  ),
});

const trafficSchema = section(
  'Requests that are sent all the while. Default of each key: that of cutover.traffic.',
  {
    component: v.optional(componentName('Component that they go to.')),
    rate: v.optional(rate('How many are sent.', [1 / 3600, 200_000])),
    method: v.optional(choice('Their method.', ['GET', 'POST', 'PUT'])),
    path: v.optional(httpPath('Their path.', '/orders')),
    headers: v.optional(headersSchema),
    body: v.optional(text("Their body; {n} becomes the request's number, from 1.", ['{"order":{n}}'])),
    connections: v.optional(
      choice('Whether connections are kept or each request opens a new one.', ['keep-alive', 'new']),
    ),
    timeout: v.optional(
      duration(
        'A request without an answer in this time has failed. Default: 1s, and not longer than that of cutover.traffic, so that a fault that swallows requests is noticed.',
        [1, 10 * minute],
      ),
    ),
  },
);

const recoverySchema = section('When the service counts as itself again.', {
  stable: v.optional(wholeNumber('So many good windows of 100 ms in a row.', [1, 10_000]), 10),
  within: v.optional(
    duration(
      'The first of them has to begin within this time of the end of the fault. Default: the bound of expect.recovery, slo.recovery, or 30s.',
      [100, 24 * hour],
    ),
  ),
});

const parallelLeaf = leaf<string | false>({
  description: 'Runs at the same time as the others of its group; true is a group of its own.',
  noun: 'true, false or the name of a group',
  allowed: 'true, false or the name of a group',
  parse: (given) =>
    typeof given === 'boolean'
      ? given && 'true'
      : /^[\w -]{1,80}$/.test(String(given))
        ? String(given)
        : undefined,
  json: { type: ['boolean', 'string'] },
});

/** One experiment as it is written. */
export const experimentSchema = section(
  'One experiment: what is broken, for how long, and what has to hold.',
  {
    name: experimentName('Its name, unique in the file.'),
    aim: v.optional(
      choice('Which colour is hit: standby takes no production traffic, live does.', ['standby', 'live']),
      'standby',
    ),
    fault: v.optional(faultSchema),
    faults: v.optional(list('Several faults at once.', 'a list of faults', faultSchema)),
    for: v.optional(
      duration('How long the fault lasts, or is watched where it is over at once.', [100, 24 * hour]),
      '10s',
    ),
    steady: v.optional(steadySchema, {}),
    traffic: v.optional(trafficSchema, {}),
    expect: v.optional(expectSchema, {}),
    'abort-on': v.optional(abortSchema),
    'no-data': v.optional(
      choice('What it means that a gate has nothing to judge by.', ['fail', 'inconclusive']),
      'inconclusive',
    ),
    inconclusive: v.optional(
      choice('Whether an experiment that showed nothing fails the run.', ['fail', 'pass']),
      'fail',
    ),
    recovery: v.optional(recoverySchema, {}),
    after: v.optional(
      listOf(
        'Runs once these have ended, and only if they passed.',
        'a list of names of experiments',
        experimentName('Name of an experiment.'),
      ),
    ),
    parallel: v.optional(parallelLeaf, false),
    ledger: v.optional(ledgerSchema),
    clock: v.optional(clockSchema),
  },
);

export type WrittenExperiment = v.InferOutput<typeof experimentSchema>;

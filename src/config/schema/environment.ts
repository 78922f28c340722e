import * as v from 'valibot';
import { parseTimeWindow, type TimeWindow } from '../values/time-window.ts';
import { nameAllowed, namePattern } from './component.ts';
import { choice, pattern, percentage, wholeNumber } from './fields.ts';
import { leaf, listOf, mapping, section } from './leaf.ts';
import { planned } from './planned.ts';

/** What can run components: one line for each folder of src/targets. */
export const targetKinds = ['local'] as const;

const window = leaf<TimeWindow>({
  description: 'Faults are injected only at these times, whichever colour they are aimed at.',
  noun: 'a time window',
  allowed: 'days, hours and a time zone (default UTC), such as Mon-Fri 08:00-18:00 Europe/London',
  parse: (given) => parseTimeWindow(String(given)),
  json: { type: 'string' },
  examples: ['Mon-Fri 08:00-18:00 Europe/London', 'daily 02:00-04:00', 'Sat,Sun 22:00-06:00 UTC'],
});

const protectedComponents = listOf(
  'Components that no fault may touch, in neither colour.',
  'a list of component names',
  pattern('A component.', { noun: 'a component name', allowed: nameAllowed, pattern: namePattern }),
);

/** Checked when an experiment is planned and again just before each fault. */
export const protectSchema = section(
  'What experiments must not do here.',
  {
    'min-healthy': v.optional(
      wholeNumber('So many instances of the live colour stay ready while a fault lasts.', [0, 10_000]),
    ),
    'max-percent': v.optional(
      percentage('Largest share of the live colour (instances, or requests) that faults hit at once.'),
    ),
    components: v.optional(protectedComponents),
    'last-replica': v.optional(
      choice('Whether a fault may take the last ready instance of the live colour down.', [
        'refuse',
        'allow',
      ]),
      'refuse',
    ),
    window: v.optional(window),
  },
  planned.protect,
);

export const environmentSchema = section(
  'A named place that releases go to.',
  {
    target: choice('What runs the components there.', targetKinds, planned.targets),
    protect: v.optional(protectSchema, {}),
  },
  planned.environment,
);

export const environmentsSchema = mapping(
  'The places that releases go to, by name. Default: one called local, on the local target.',
  { noun: 'an environment name', allowed: nameAllowed, pattern: namePattern, atLeastOne: 'environment' },
  environmentSchema,
);

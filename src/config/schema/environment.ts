import { nameAllowed, namePattern } from './component.ts';
import { choice } from './fields.ts';
import { mapping, section } from './leaf.ts';
import { planned } from './planned.ts';

/** What can run components: one line for each folder of src/targets. */
export const targetKinds = ['local'] as const;

export const environmentSchema = section(
  'A named place that releases go to.',
  { target: choice('What runs the components there.', targetKinds, planned.targets) },
  planned.environment,
);

export const environmentsSchema = mapping(
  'The places that releases go to, by name. Default: one called local, on the local target.',
  { noun: 'an environment name', allowed: nameAllowed, pattern: namePattern, atLeastOne: 'environment' },
  environmentSchema,
);

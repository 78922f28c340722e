import * as v from 'valibot';
import { componentsSchema, nameAllowed, namePattern } from './component.ts';
import { configSchema } from './configuration.ts';
import { cutoverSchema, sloSchema } from './cutover.ts';
import { environmentsSchema } from './environment.ts';
import { pattern } from './fields.ts';
import { leaf, section } from './leaf.ts';
import { planned } from './planned.ts';
import { validateSchema } from './validate.ts';

/** cutover.yml as a whole: the types, the validation and schema/cutover.schema.json all come from here. */
export const fileSchema = section(
  'The release file of an application.',
  {
    version: v.optional(
      leaf<1>({
        description: 'Version of this format.',
        noun: 'a version of this format',
        allowed: '1',
        parse: (given) => (given === 1 ? given : undefined),
        json: { const: 1 },
      }),
      1,
    ),
    name: pattern('Name of the application.', {
      noun: 'an application name',
      allowed: nameAllowed,
      pattern: namePattern,
    }),
    components: componentsSchema,
    environments: v.optional(environmentsSchema, { local: { target: 'local' } }),
    slo: v.optional(sloSchema, {}),
    cutover: v.optional(cutoverSchema, {}),
    validate: v.optional(validateSchema, {}),
    config: v.optional(configSchema, []),
  },
  planned.file,
);

import * as v from 'valibot';
import type { Conflict } from '../cross-field.ts';
import type { Located } from '../tree.ts';
import { componentsSchema, nameAllowed, namePattern } from './component.ts';
import { configSchema } from './configuration.ts';
import { cutoverSchema, sloSchema } from './cutover.ts';
import { environmentsSchema } from './environment.ts';
import { pattern } from './fields.ts';
import { leaf, section } from './leaf.ts';
import { planned } from './planned.ts';
import { validateSchema } from './validate.ts';

/** What a stage brings for its own key of the file; config knows no stage, so whoever reads a file hands them in. */
export interface StageSection {
  schema: v.GenericSchema<never, readonly unknown[]>;
  /** Rules about several values, beside those of one; paths count from the root of the file. */
  conflicts?: (tree: Located) => readonly Conflict[];
}

export type StageKey = 'smoke' | 'chaos';
export type StageSections = Readonly<Partial<Record<StageKey, StageSection>>>;

/** A reader that has no use for the key lets it pass. */
const notRead = v.optional(
  v.pipe(
    v.unknown(),
    v.description('Read by its own stage, which is not asked here.'),
    v.transform((): readonly unknown[] => []),
  ),
  [],
);

const sectionOf = (stage: StageSection | undefined) =>
  stage ? v.optional(stage.schema as v.GenericSchema<unknown, readonly unknown[]>, []) : notRead;

/** cutover.yml as a whole: the types, the validation and schema/cutover.schema.json all come from here. */
export const fileSchemaWith = (stages: StageSections) =>
  section(
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
      smoke: sectionOf(stages.smoke),
      chaos: sectionOf(stages.chaos),
    },
    planned.file,
  );

import type { StageSections } from '../config/schema/file.ts';
import { smokeSection } from '../smoke/schema.ts';

/** What the stages bring for their keys of cutover.yml: one line for each stage that has a key of its own. */
export const stageSections: StageSections = { smoke: smokeSection };

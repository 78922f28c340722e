import * as v from 'valibot';
import { duration } from '../../config/schema/fields.ts';

/** The key `grace` of faults that start processes anew. */
export const graceEntry = v.optional(
  duration('From SIGTERM until SIGKILL, when a process has not ended by itself.', [0, 600_000]),
  '10s',
);

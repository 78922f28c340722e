import * as v from 'valibot';
import { UserError } from '../platform/errors.ts';
import type { JournalStore } from '../targets/target.ts';

const key = 'cutover';
const color = v.picklist(['blue', 'green']);

/** A release as it is journalled: with its artifacts, so that any later run can prepare it again. */
export const releaseSchema = v.object({
  id: v.string(),
  version: v.string(),
  sha: v.optional(v.string()),
  artifacts: v.record(v.string(), v.object({ digest: v.string(), location: v.string() })),
});

const operation = v.object({
  schema: v.literal('cutover/operation/v1'),
  kind: v.picklist(['apply', 'rollback']),
  release: releaseSchema,
  /** Milliseconds since 1970. */
  startedAt: v.number(),
  holder: v.string(),
  /** What is being done, or was when the run died. */
  phase: v.picklist(['preparing', 'switching', 'baking', 'retiring']),
  /** forward: towards `to`; back: towards `from`, in the same phases. */
  direction: v.picklist(['forward', 'back']),
  /** Why it goes back; empty while it goes forward. */
  reason: v.string(),
  moves: v.array(
    v.object({
      component: v.string(),
      /** Undefined: nothing was live before. */
      from: v.optional(color),
      to: color,
      instances: v.number(),
    }),
  ),
});

/** Intent of a cutover, journalled in the target before each mutation. Whether a move has happened, the route says. */
export type Operation = v.InferOutput<typeof operation>;
export type Move = Operation['moves'][number];
export type Phase = Operation['phase'];

/** Reads the unfinished operation, if there is one. @throws UserError when another version of Cutover wrote it */
export async function readOperation(journal: JournalStore): Promise<Operation | undefined> {
  const document = await journal.read(key);
  if (document === undefined) return undefined;
  const parsed = v.safeParse(operation, document);
  if (parsed.success) return parsed.output;
  throw new UserError('the journal holds an operation that this version of Cutover cannot read', {
    next: 'recover with the version that wrote it',
    docs: 'docs/troubleshooting.md#journal',
  });
}

/** Durable when it resolves. */
export function writeOperation(journal: JournalStore, document: Operation, token: number): Promise<void> {
  return journal.write(key, document, token);
}

/** The operation is finished. */
export function clearOperation(journal: JournalStore, token: number): Promise<void> {
  return journal.write(key, undefined, token);
}

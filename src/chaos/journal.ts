import * as v from 'valibot';
import { UserError } from '../platform/errors.ts';
import type { JournalStore } from '../targets/target.ts';

const key = 'chaos';
export const revertCommand = 'cutover chaos revert';

const entry = v.object({
  /** What the target knows the fault by. */
  id: v.string(),
  experiment: v.string(),
  kind: v.string(),
  component: v.string(),
  color: v.picklist(['blue', 'green']),
  targets: v.array(v.string()),
  /** How it is undone. The target ends it by itself at `until`, whoever is left. */
  undo: v.literal('revert'),
  /** Milliseconds since 1970. */
  intendedAt: v.number(),
  until: v.number(),
});

const document = v.object({
  schema: v.literal('cutover/chaos/v1'),
  holder: v.string(),
  seed: v.string(),
  startedAt: v.number(),
  /** In the order in which they were intended; they are undone from the last to the first. */
  faults: v.array(entry),
});

/** A fault that is intended or may be there. */
export type JournalEntry = v.InferOutput<typeof entry>;
export type ChaosDocument = v.InferOutput<typeof document>;

/** @throws UserError when another version of Cutover wrote it */
export async function readChaosJournal(store: JournalStore): Promise<ChaosDocument | undefined> {
  const found = await store.read(key);
  if (found === undefined) return undefined;
  const parsed = v.safeParse(document, found);
  if (parsed.success) return parsed.output;
  throw new UserError('the journal holds faults that this version of Cutover cannot read', {
    next: `${revertCommand}, with the version that wrote it`,
    docs: 'docs/chaos.md#left-behind',
  });
}

export const clearChaosJournal = (store: JournalStore, token: number): Promise<void> =>
  store.write(key, undefined, token);

/**
 * What a run has intended and not yet undone. Each change is durable when it resolves; changes of experiments that run
 * at the same time follow one another.
 */
export class ChaosJournal {
  readonly #store: JournalStore;
  readonly #token: number;
  readonly #head: Omit<ChaosDocument, 'faults'>;
  #faults: readonly JournalEntry[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(
    store: JournalStore,
    { token, ...head }: Omit<ChaosDocument, 'faults' | 'schema'> & { token: number },
  ) {
    this.#store = store;
    this.#token = token;
    this.#head = { schema: 'cutover/chaos/v1', ...head };
  }

  /** Nothing is injected before this has resolved. */
  intend(entries: readonly JournalEntry[]): Promise<void> {
    return this.#change((faults) => [...faults, ...entries]);
  }

  /** It is gone, and that was verified. */
  done(id: string): Promise<void> {
    return this.#change((faults) => faults.filter((fault) => fault.id !== id));
  }

  #change(change: (faults: readonly JournalEntry[]) => readonly JournalEntry[]): Promise<void> {
    const next = this.#last.then(async () => {
      const faults = change(this.#faults);
      this.#faults = faults;
      const { length } = faults;
      await this.#store.write(key, length === 0 ? undefined : { ...this.#head, faults }, this.#token);
    });
    this.#last = next.catch(() => {}); // Whoever asked for the change is told.
    return next;
  }
}

import type { Files } from '../../../platform/files.ts';
import type { StoredState } from '../state.ts';

export type Change = (state: StoredState) => StoredState;

/** The supervisor's state: what is in memory is on disk. */
export interface Store {
  readonly current: StoredState;
  /**
   * Resolves once the change is durable; only then `current` shows it. Changes happen one after the other, and those
   * that wait are written together. A change that throws, or that cannot be written, rejects and leaves no trace.
   */
  update(change: Change): Promise<void>;
  /** Runs something else between two changes, for writes that are fenced by the lease's token. */
  between<T>(task: () => Promise<T>): Promise<T>;
}

interface Entry {
  change?: Change;
  task?: () => Promise<void>;
  done: () => void;
  failed: (error: unknown) => void;
}

/** @param mayWrite is asked before each write; false once the folder is no longer ours */
export function createStore(options: {
  files: Files;
  path: string;
  initial: StoredState;
  mayWrite: () => Promise<boolean>;
}): Store {
  let current = options.initial;
  let queue: Entry[] = [];
  let busy = false;

  const write = async (entries: readonly Entry[]) => {
    let next = current;
    const accepted: Entry[] = [];
    for (const entry of entries) {
      try {
        next = entry.change?.(next) ?? next;
        accepted.push(entry);
      } catch (error) {
        entry.failed(error);
      }
    }
    try {
      if (next !== current) {
        if (!(await options.mayWrite())) throw new Error('the state folder is gone');
        await options.files.writeDurably(options.path, `${JSON.stringify(next)}\n`, { mode: 0o600 });
      }
      current = next;
      for (const entry of accepted) entry.done();
    } catch (error) {
      for (const entry of accepted) entry.failed(error);
    }
  };
  const work = async () => {
    if (busy) return;
    busy = true;
    while (queue.length > 0) {
      const firstTask = queue.findIndex((entry) => entry.task);
      const count = firstTask === 0 ? 1 : firstTask < 0 ? queue.length : firstTask;
      const entries = queue.slice(0, count);
      queue = queue.slice(count);
      if (firstTask === 0) await entries[0]?.task?.();
      else await write(entries);
    }
    busy = false;
  };
  const enqueue = (entry: Entry) => {
    queue.push(entry);
    void work();
  };

  return {
    get current() {
      return current;
    },
    update: (change) => new Promise((done, failed) => enqueue({ change, done, failed })),
    between: (task) =>
      new Promise((resolve, failed) => {
        const run = () => task().then(resolve, failed);
        enqueue({ task: run, done: () => {}, failed });
      }),
  };
}

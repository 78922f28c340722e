import { setTimeout as delay } from 'node:timers/promises';
import { fillFile, writeWithoutPause } from '../../../platform/disk.ts';
import type { Files } from '../../../platform/files.ts';
import type { AgentTask, Work } from './spec.ts';

type Fill = Extract<AgentTask, { kind: 'disk-fill' }>;

export function diskFillWork({ file, bytes, ifFull }: Fill, files: Files): Work {
  return {
    begin: (signal) => fillFile(file, { bytes, ifFull, signal }),
    undo: () => files.remove(file),
  };
}

/** The fault acts when every file was written to once. */
export function diskSlowWork(paths: readonly string[], files: Files): Work {
  const stop = new AbortController();
  let writers: Promise<unknown> = Promise.resolve();
  return {
    begin: async (signal) => {
      const written = new Set<string>();
      const ended = paths.map((path) => writeWithoutPause(path, stop.signal, () => written.add(path)));
      writers = Promise.allSettled(ended);
      const failed = Promise.all(ended);
      while (written.size < paths.length) {
        signal.throwIfAborted();
        await Promise.race([failed, delay(5)]);
      }
    },
    undo: async () => {
      stop.abort();
      await writers;
      for (const path of paths) await files.remove(path);
    },
  };
}

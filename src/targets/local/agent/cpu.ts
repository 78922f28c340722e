import { parentPort, Worker, workerData } from 'node:worker_threads';
import { entryUrl } from '../../../platform/entries.ts';
import type { Work } from './spec.ts';

/** How finely work and rest alternate, in milliseconds: shorter than what a scheduler grants at once, so that it evens out. */
const stepMs = 5;
/** So much work that could not be done because others had the core is made up for; more would hit whoever comes later. */
const largestBacklogMs = 500;

/** Threads of this process do the work, so that nothing can go on when it ends, however it ends. */
export function cpuWork({ workers, load }: { workers: number; load: number }): Work {
  const threads: Worker[] = [];
  return {
    begin: async () => {
      for (let i = 0; i < workers; i += 1)
        threads.push(new Worker(entryUrl('agent'), { workerData: { load } }));
      await Promise.all(threads.map(works));
    },
    undo: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

const works = (thread: Worker): Promise<void> =>
  new Promise((resolve, reject) => {
    thread.once('message', () => resolve());
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('a worker ended')));
  });

/** A worker's whole life: busy for its share of the time, by what its thread has really used. */
export function burn(): void {
  const { load } = workerData as { load: number };
  const rest = new Int32Array(new SharedArrayBuffer(4));
  let started = performance.now();
  let usedBefore = usedMs();
  parentPort?.postMessage('works');
  for (;;) {
    const owed = (performance.now() - started) * load - (usedMs() - usedBefore);
    if (owed > largestBacklogMs) {
      started = performance.now();
      usedBefore = usedMs();
    }
    if (owed >= 0) spin(stepMs);
    else Atomics.wait(rest, 0, 0, stepMs);
  }
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function spin(ms: number): void {
  const until = performance.now() + ms;
  for (let x = 1; performance.now() < until; ) for (let i = 0; i < 1_000; i += 1) x = Math.imul(x, 48271) | 1;
}

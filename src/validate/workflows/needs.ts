import type { Job, Workflow } from './model.ts';

/** The jobs that a job waits for, directly or not, itself last; jobs in a cycle are told once. */
export function closureOf({ jobs }: Workflow, job: Job): readonly Job[] {
  const seen = new Set<string>([job.id]);
  const order: Job[] = [];
  const visit = (at: Job): void => {
    for (const id of at.needs) {
      const need = jobs.get(id);
      if (!need || seen.has(id)) continue;
      seen.add(id);
      visit(need);
    }
    order.push(at);
  };
  visit(job);
  return order;
}

/** Jobs in the order in which they can start. Jobs of a cycle are left out, and so is what waits for them. */
export function inOrder({ jobs }: Workflow): readonly Job[] {
  const done = new Set<string>();
  const order: Job[] = [];
  let waiting = [...jobs.values()];
  for (let found = true; found; ) {
    const ready = waiting.filter(({ needs }) => needs.every((id) => done.has(id) || !jobs.has(id)));
    for (const job of ready) done.add(job.id);
    order.push(...ready);
    waiting = waiting.filter(({ id }) => !done.has(id));
    found = ready.length > 0;
  }
  return order;
}

/** Cycles of `needs`, each once, from its first job in the file: `['a', 'b']` where a needs b and b needs a. */
export function cyclesOf({ jobs }: Workflow): readonly (readonly string[])[] {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[][] = [];
  const visit = (id: string, way: readonly string[]): void => {
    if (state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      cycles.push(way.slice(way.indexOf(id)));
      return;
    }
    state.set(id, 'open');
    for (const need of jobs.get(id)?.needs ?? []) if (jobs.has(need)) visit(need, [...way, id]);
    state.set(id, 'done');
  };
  for (const id of jobs.keys()) visit(id, []);
  return cycles;
}

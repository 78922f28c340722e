import type { Verdict } from '../platform/verdict.ts';
import type { Experiment } from './schema.ts';

type Ordered = Pick<Experiment, 'name' | 'after' | 'group'>;

/**
 * The experiments in the order in which they run, those of one group together; as in the file, but for what `after`
 * puts later. A name in `after` that is not among them is no condition.
 */
export function stepsOf<E extends Ordered>(experiments: readonly E[]): readonly (readonly E[])[] {
  const names = new Set(experiments.map(({ name }) => name));
  const waiting = groupsOf(experiments);
  const done = new Set<string>();
  const steps: (readonly E[])[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((group) =>
      group.every(({ after }) => after.every((name) => done.has(name) || !names.has(name))),
    );
    // The schema refuses circles; one that came another way must not stop us for ever.
    const [group = []] = waiting.splice(Math.max(0, next), 1);
    for (const { name } of group) done.add(name);
    steps.push(group);
  }
  return steps;
}

function groupsOf<E extends Ordered>(experiments: readonly E[]): E[][] {
  const groups = new Map<string, E[]>();
  for (const experiment of experiments) {
    const { group, name } = experiment;
    const key = group === undefined ? `one ${name}` : `group ${group}`;
    groups.set(key, [...(groups.get(key) ?? []), experiment]);
  }
  return [...groups.values()];
}

/** Why an experiment is not run, given how the ones before it ended; undefined: it is. */
export function heldBack(
  { after }: Pick<Ordered, 'after'>,
  ended: ReadonlyMap<string, Verdict>,
): string | undefined {
  const name = after.find((one) => ended.has(one) && ended.get(one) !== 'passed');
  return name === undefined
    ? undefined
    : `not run: it comes after ${name}, which ${wording[ended.get(name) ?? 'inconclusive']}`;
}

const wording: Readonly<Record<Verdict, string>> = {
  passed: 'passed',
  failed: 'failed',
  inconclusive: 'was inconclusive',
  cancelled: 'was cancelled',
};

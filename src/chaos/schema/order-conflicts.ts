import type { Conflict } from '../../config/cross-field.ts';
import { slugOf } from '../slug.ts';
import { at, type Placed, unknown } from './places.ts';

/** Names that are used twice or are not there, and orders that cannot be kept. */
export function orderConflicts(experiments: readonly Placed[]): Conflict[] {
  return [...repeated(experiments), ...unknownAfter(experiments), ...cycles(experiments)];
}

function repeated(experiments: readonly Placed[]): Conflict[] {
  const seen = new Set<string>();
  return experiments.flatMap(({ path, name }) => {
    if (name === undefined) return [];
    const slug = slugOf(name);
    const isNew = !seen.has(slug);
    seen.add(slug);
    return isNew
      ? []
      : [{ path: [...path, 'name'], message: '{given} is as good as the name of another experiment' }];
  });
}

const afterOf = ({ node }: Placed): readonly (readonly [index: string, name: string])[] =>
  [...(at(node, 'after')?.children ?? [])].flatMap(([index, { value }]) =>
    typeof value === 'string' ? [[index, value] as const] : [],
  );

function unknownAfter(experiments: readonly Placed[]): Conflict[] {
  const names = experiments.flatMap(({ name }) => name ?? []);
  return experiments.flatMap((experiment) =>
    afterOf(experiment).flatMap(([index, given]) =>
      unknown({ path: [...experiment.path, 'after', index], given }, names, 'an experiment'),
    ),
  );
}

/** Experiments of one group are one step: nothing in it can wait for something in it. */
function cycles(experiments: readonly Placed[]): Conflict[] {
  const stepOf = new Map(
    experiments.flatMap((one) => (one.name === undefined ? [] : [[one.name, stepName(one)]])),
  );
  const next = new Map<string, Set<string>>();
  for (const experiment of experiments) {
    const step = stepName(experiment);
    const waits = next.get(step) ?? new Set<string>();
    for (const [, name] of afterOf(experiment)) waits.add(stepOf.get(name) ?? '');
    next.set(step, waits);
  }
  return experiments.flatMap((experiment) =>
    afterOf(experiment).flatMap(([index, name]): Conflict[] => {
      const from = stepOf.get(name);
      if (from === undefined || !reaches(next, from, stepName(experiment))) return [];
      const message = '{given} would wait for this one as well, directly or through others';
      return [{ path: [...experiment.path, 'after', index], message }];
    }),
  );
}

function stepName({ name, node, path }: Placed): string {
  const group = at(node, 'parallel')?.value;
  return group === undefined || group === false ? `one ${name ?? path.join('/')}` : `group ${String(group)}`;
}

function reaches(next: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const open = [from];
  const seen = new Set<string>();
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (step === to) return true;
    if (seen.has(step)) continue;
    seen.add(step);
    open.push(...(next.get(step) ?? []));
  }
  return false;
}

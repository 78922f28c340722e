import { referencesIn } from './fill.ts';
import type { SmokeCheck } from './schema.ts';

type Ordered = Pick<SmokeCheck, 'name' | 'kind' | 'needs' | 'spec'>;

/** Names of the checks that must have passed before this one: those it needs, and those whose answers it uses. */
export function needsOf({ needs, spec }: Pick<SmokeCheck, 'needs' | 'spec'>): string[] {
  return [...new Set([...needs, ...referencesIn(spec).map(({ check }) => check)])];
}

/** The checks of these names and all that they need, by however many steps; in the order of `all`. */
export function withNeeded<C extends Ordered>(all: readonly C[], names: readonly string[]): readonly C[] {
  const wanted = new Set(names);
  // A set that grows while it is walked is walked to its new end.
  for (const name of wanted) {
    const check = all.find((one) => one.name === name);
    for (const need of check ? needsOf(check) : []) wanted.add(need);
  }
  return all.filter(({ name }) => wanted.has(name));
}

/**
 * For each check, those that have to end before it starts, passed or not. A check that runs alone (a load) comes after
 * all that do not depend on it: what is broken anyway is known by then.
 */
export function waitsFor(checks: readonly Ordered[]): ReadonlyMap<string, readonly string[]> {
  const needs = new Map(checks.map((check) => [check.name, needsOf(check)]));
  const quick = checks.filter(({ kind, spec }) => !kind.alone(spec));
  return new Map(
    checks.map(({ name, kind, spec }) => {
      const own = needs.get(name) ?? [];
      if (!kind.alone(spec)) return [name, own];
      const before = quick.filter((other) => !reaches(other.name, name, needs)).map((other) => other.name);
      return [name, [...new Set([...own, ...before])]];
    }),
  );
}

/** Whether one check needs another, by however many steps. */
function reaches(from: string, to: string, needs: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(needs.get(name) ?? []));
  }
  return false;
}

/** The first circle among needs, as `a → b → a`; undefined where there is none. */
export function circleIn(needs: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    done.add(name);
    for (const next of needs.get(name) ?? []) {
      const circle = visit(next, [...path, name]);
      if (circle) return circle;
    }
    return undefined;
  };
  for (const name of needs.keys()) {
    const circle = visit(name, []);
    if (circle) return circle;
  }
  return undefined;
}

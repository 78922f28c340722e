import type { Conflict } from '../config/cross-field.ts';
import { didYouMean } from '../config/suggest.ts';
import type { Located } from '../config/tree.ts';
import { checkKinds } from './checks/index.ts';
import { referencesIn } from './fill.ts';
import { circleIn } from './order.ts';

/** A check as it is written. */
interface Written {
  index: string;
  name: string;
  node: Located;
  on: string;
}

/** Rules about `smoke` as a whole: they pass over what is missing or of the wrong type. */
export function conflicts(tree: Located): Conflict[] {
  const checks = writtenIn(tree);
  const components = [...(tree.children.get('components')?.children.keys() ?? [])];
  return [
    ...sameNames(checks),
    ...checks.flatMap((check) => unknownComponent(check, components)),
    ...checks.flatMap((check) => needed(check).flatMap((need) => unmetNeed(check, need, checks))),
    ...circles(checks),
    ...checks.flatMap(withinOfLoad),
  ];
}

function writtenIn(tree: Located): Written[] {
  const all = [...(tree.children.get('smoke')?.children ?? [])];
  return all.flatMap(([index, node]) => {
    const name = node.children.get('name')?.value;
    return typeof name === 'string' ? [{ index, name, node, on: aimsOf(node) }] : [];
  });
}

function aimsOf(node: Located): string {
  const written = node.children.get('on')?.value;
  if (typeof written === 'string') return written;
  return checkKinds.find(({ kind }) => node.children.has(kind))?.defaultOn ?? 'both';
}

function sameNames(checks: readonly Written[]): Conflict[] {
  const seen = new Set<string>();
  return checks.flatMap(({ index, name }): Conflict[] => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const message = '{given} is the name of an earlier check';
    return [{ path: ['smoke', index, 'name'], message, allowed: 'a name of its own' }];
  });
}

function unknownComponent({ index, node }: Written, components: readonly string[]): Conflict[] {
  const given = node.children.get('component')?.value;
  if (typeof given !== 'string' || components.length === 0 || components.includes(given)) return [];
  const message = `{given} is not a component${didYouMean(given, components)}`;
  return [{ path: ['smoke', index, 'component'], message, allowed: components.join(', ') }];
}

/** Where a check names another one: in `needs`, or in a text that uses its answer. */
interface Need {
  name: string;
  path: readonly string[];
  /** `needs` holds the name alone, a text holds it within. */
  within: 'needs' | 'text';
}

function needed({ index, node }: Written): Need[] {
  const listed = [...(node.children.get('needs')?.children ?? [])].flatMap(([nth, { value }]): Need[] =>
    typeof value === 'string' ? [{ name: value, path: ['smoke', index, 'needs', nth], within: 'needs' }] : [],
  );
  return [...listed, ...usesIn(node, ['smoke', index])];
}

function usesIn(node: Located, path: readonly string[]): Need[] {
  if (typeof node.value === 'string') {
    return referencesIn(node.value).map(({ check }) => ({ name: check, path, within: 'text' }));
  }
  return [...node.children].flatMap(([key, child]) => usesIn(child, [...path, key]));
}

function unmetNeed(check: Written, { name, path, within }: Need, checks: readonly Written[]): Conflict[] {
  const other = checks.find((one) => one.name === name);
  const given = within === 'needs' ? '{given}' : `\${checks.${name}.…}`;
  if (!other) {
    const names = checks.map((one) => one.name).filter((one) => one !== check.name);
    const message = `${given} names no check${didYouMean(name, names)}`;
    return [{ path, message, allowed: names.join(', ') || 'the name of another check' }];
  }
  if (other.on === 'both' || other.on === check.on) return [];
  const message = `${given} is run on ${other.on} only, and this check on ${check.on}`;
  return [{ path, message, allowed: 'a check that is run wherever this one is' }];
}

function circles(checks: readonly Written[]): Conflict[] {
  const circle = circleIn(
    new Map(checks.map((check) => [check.name, needed(check).map(({ name }) => name)])),
  );
  const first = circle && checks.find(({ name }) => name === circle[0]);
  if (!circle || !first) return [];
  return [{ path: ['smoke', first.index], message: `waits for itself: ${circle.join(' → ')}` }];
}

/** A load takes as long as it is told to; its answers have thresholds of their own. */
function withinOfLoad({ index, node }: Written): Conflict[] {
  if (!node.children.has('load') || !node.children.has('within')) return [];
  const message = 'a load is not judged by how long it takes';
  return [{ path: ['smoke', index, 'within'], message, allowed: 'p50 to p99.9 and max under expect' }];
}

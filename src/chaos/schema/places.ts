import type { Conflict } from '../../config/cross-field.ts';
import { didYouMean } from '../../config/suggest.ts';
import type { Located } from '../../config/tree.ts';

export function at(tree: Located | undefined, ...path: readonly string[]): Located | undefined {
  return path.reduce<Located | undefined>((found, key) => found?.children.get(key), tree);
}

export const textAt = (tree: Located | undefined, ...path: readonly string[]): string | undefined => {
  const value = at(tree, ...path)?.value;
  return typeof value === 'string' ? value : undefined;
};

export const keysAt = (tree: Located | undefined, ...path: readonly string[]): readonly string[] => [
  ...(at(tree, ...path)?.children.keys() ?? []),
];

/** An experiment with its place, as it is written. */
export interface Placed {
  path: readonly string[];
  node: Located;
  name: string | undefined;
}

export function experimentsIn(tree: Located): readonly Placed[] {
  return [...(at(tree, 'chaos')?.children ?? [])].map(([index, node]) => ({
    path: ['chaos', index],
    node,
    name: textAt(node, 'name'),
  }));
}

/** Its faults, whichever of the two keys holds them. */
export function faultsIn({ path, node }: Placed): readonly Placed[] {
  const single = at(node, 'fault');
  const several = [...(at(node, 'faults')?.children ?? [])].map(([index, fault]) => ({
    path: [...path, 'faults', index],
    node: fault,
    name: textAt(fault, 'kind'),
  }));
  const one = single && { path: [...path, 'fault'], node: single, name: textAt(single, 'kind') };
  return one ? [one, ...several] : several;
}

/** A problem where a name is given that is none of those known. */
export function unknown(
  place: { path: readonly string[]; given: string | undefined },
  names: readonly string[],
  noun: string,
): Conflict[] {
  const { path, given } = place;
  if (given === undefined || names.length === 0 || names.includes(given)) return [];
  return [{ path, message: `{given} is not ${noun}${didYouMean(given, names)}`, allowed: names.join(', ') }];
}

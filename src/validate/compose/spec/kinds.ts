import type { ScalarKind } from './scalars.ts';

export type Kind = ScalarKind | 'list' | 'mapping';

/** How the kinds are called in messages. */
export const kindNames: Readonly<Record<Kind, string>> = {
  text: 'text',
  list: 'a list',
  mapping: 'a mapping',
  switch: 'true or false',
  number: 'a number',
};

/** Undefined: nothing is written there. */
export function kindOf(value: unknown): Kind | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'mapping';
  if (typeof value === 'boolean') return 'switch';
  return typeof value === 'number' ? 'number' : 'text';
}

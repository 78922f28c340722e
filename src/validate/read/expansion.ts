import { EVENT_ID, type Event } from 'js-yaml';

/** Values in one document with every alias written out. A large CRD has about 20,000. */
export const mostValues = 200_000;

/**
 * What is wrong with the aliases of a document, or undefined: a few lines of them can stand for billions of values, and an
 * alias within what it names never ends.
 */
export function expansionProblem(events: readonly Event[], values: readonly unknown[]): string | undefined {
  if (!events.some(({ type }) => type === EVENT_ID.ALIAS)) return undefined;
  const sizes = new Map<object, number>();
  let isCircular = false;
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) {
      if (known === 0) isCircular = true;
      return known;
    }
    sizes.set(value, 0);
    let size = 1;
    for (const child of Object.values(value)) size += sizeOf(child);
    sizes.set(value, size);
    return size;
  };
  const size = values.reduce((sum: number, value) => sum + sizeOf(value), 0);
  if (isCircular) return 'an alias stands within the value that it names';
  return size > mostValues ? 'its aliases stand for more than 200,000 values' : undefined;
}

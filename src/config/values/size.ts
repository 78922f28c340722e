import { decimalPattern, inUnit } from './decimal.ts';

/** Bytes in each unit, in the order in which a formatted size prefers them. */
const units = [
  ['GiB', 1024 ** 3],
  ['GB', 1000 ** 3],
  ['MiB', 1024 ** 2],
  ['MB', 1000 ** 2],
  ['KiB', 1024],
  ['KB', 1000],
  ['B', 1],
] as const;

export const sizePattern = `^${decimalPattern}(?:[KMG]i?)?B$`;

const written = new RegExp(`^(${decimalPattern})((?:[KMG]i?)?B)$`);
const times = (amount: number, bytes: number): number => amount * bytes;

/** Reads `512B`, `64KiB` (1,024 each) or `10MB` (1,000,000 each). @returns whole bytes, below 10^15; undefined otherwise */
export function parseSize(text: string): number | undefined {
  const [, amount, unit] = written.exec(text) ?? [];
  const bytes = units.find(([name]) => name === unit)?.[1];
  if (amount === undefined || bytes === undefined) return undefined;
  const size = times(Number(amount), bytes);
  return Number.isInteger(size) && size < 1e15 ? size : undefined;
}

/** The size as `parseSize` reads it, in the largest unit that divides it. */
export function formatSize(bytes: number): string {
  for (const [unit, size] of units) {
    const amount = inUnit(bytes, size, times);
    if (amount !== undefined && Number.isInteger(amount) && (amount > 0 || unit === 'B')) {
      return `${amount}${unit}`;
    }
  }
  return `${Math.round(bytes)}B`;
}

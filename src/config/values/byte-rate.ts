import { decimalPattern } from './decimal.ts';
import { formatSize, parseSize } from './size.ts';

export const byteRatePattern = `^${decimalPattern}(?:(?:[KMG]i?)?B|[KMG]bit)/s$`;

/** Bits in each unit, which networks count in powers of 1,000. */
const bits: Readonly<Record<string, number>> = { Kbit: 1e3, Mbit: 1e6, Gbit: 1e9 };

const written = new RegExp(`^(${decimalPattern})([KMG]bit)$`);

/** Reads `64KiB/s`, `10MB/s` or `8Mbit/s`. @returns whole bytes per second, below 10^15; undefined otherwise */
export function parseByteRate(text: string): number | undefined {
  if (!text.endsWith('/s')) return undefined;
  const amount = text.slice(0, -2);
  return parseSize(amount) ?? inBits(amount);
}

function inBits(text: string): number | undefined {
  const [, amount, unit = ''] = written.exec(text) ?? [];
  const bytes = (Number(amount) * (bits[unit] ?? Number.NaN)) / 8;
  return Number.isInteger(bytes) && bytes < 1e15 ? bytes : undefined;
}

/** As `parseByteRate` reads it, in bytes. */
export const formatByteRate = (bytesPerSecond: number): string => `${formatSize(bytesPerSecond)}/s`;

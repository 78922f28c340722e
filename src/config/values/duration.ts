import type { Milliseconds } from '../model.ts';
import { decimalPattern } from './decimal.ts';

/** Microseconds in each unit, largest first. Counting in whole microseconds keeps every sum exact. */
const units = [
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1_000],
  ['us', 1],
] as const;

/** A JSON schema pattern that says the same as `parseDuration`, but for its range. */
export const durationPattern = `^(?=[0-9])${units.map(([unit]) => `(?:${decimalPattern}${unit})?`).join('')}$`;

const written = new RegExp(`^(?=[0-9])${units.map(([unit]) => `(?:(${decimalPattern})${unit})?`).join('')}$`);

/**
 * Reads `500ms`, `30s`, `1.5s`, `10m`, `2h`, `1d` or parts from large to small: `1m30s`.
 *
 * @returns milliseconds, exact to a microsecond; undefined for anything else, finer or beyond 2^53 µs (285 years)
 */
export function parseDuration(text: string): Milliseconds | undefined {
  const parts = written.exec(text);
  if (parts === null) return undefined;
  let total = 0;
  for (const [index, [, micros]] of units.entries()) {
    const part = parts[index + 1];
    if (part !== undefined) total += microseconds(part, micros);
  }
  return Number.isSafeInteger(total) ? total / 1000 : undefined;
}

/** NaN where the part is not a whole number of microseconds or cannot be held exactly. */
function microseconds(part: string, unit: number): number {
  const [digits = '', fraction = ''] = part.split('.');
  const scaled = Number(digits + fraction) * unit;
  const amount = scaled / 10 ** fraction.length;
  return Number.isSafeInteger(scaled) && Number.isInteger(amount) ? amount : Number.NaN;
}

/** The duration as `parseDuration` reads it: `90000` → `1m30s`. Rounded to a microsecond; never negative. */
export function formatDuration(ms: Milliseconds): string {
  if (!Number.isFinite(ms)) return 'unbounded';
  let rest = Math.max(0, Math.round(ms * 1000));
  let text = '';
  for (const [unit, micros] of units) {
    const amount = Math.floor(rest / micros);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * micros;
  }
  return text === '' ? '0s' : text;
}

import { decimalPattern, inUnit } from './decimal.ts';

const units = [
  ['s', 1],
  ['m', 60],
  ['h', 3600],
] as const;

export const ratePattern = `^${decimalPattern}/[smh]$`;

const written = new RegExp(`^(${decimalPattern})/([smh])$`);
const perSecond = (amount: number, seconds: number): number => amount / seconds;

/** Reads `200/s`, `12000/m` or `30/h`. @returns how many per second; undefined for anything else */
export function parseRate(text: string): number | undefined {
  const [, amount, unit] = written.exec(text) ?? [];
  const seconds = units.find(([name]) => name === unit)?.[1];
  if (amount === undefined || seconds === undefined) return undefined;
  return perSecond(Number(amount), seconds);
}

/** The rate as `parseRate` reads it, in the first unit that holds it exactly; others are rounded to 0.001/h. */
export function formatRate(rate: number): string {
  for (const [unit, seconds] of units) {
    const amount = inUnit(rate, seconds, perSecond);
    if (amount !== undefined) return `${amount}/${unit}`;
  }
  return `${Math.round(rate * 3_600_000) / 1000}/h`;
}

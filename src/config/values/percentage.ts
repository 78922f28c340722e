import { decimalPattern, inUnit } from './decimal.ts';

export const percentagePattern = `^${decimalPattern}%$`;

const written = new RegExp(`^(${decimalPattern})%$`);
/** Divides whole numbers only, so that 99.999% is 0.99999 and not the number below it. */
const share = (amount: number, hundred: number): number => Math.round(amount * 1000) / (hundred * 1000);

/** Reads `1%` or `0.05%`, up to `100%`. @returns a ratio from 0 to 1; undefined for anything else */
export function parsePercentage(text: string): number | undefined {
  const [, amount] = written.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const ratio = share(Number(amount), 100);
  return ratio <= 1 ? ratio : undefined;
}

/** The ratio as `parsePercentage` reads it, rounded to 0.001 %. */
export function formatPercentage(ratio: number): string {
  return `${inUnit(ratio, 100, share) ?? Math.round(ratio * 100_000) / 1000}%`;
}

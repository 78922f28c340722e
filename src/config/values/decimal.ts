/** Unsigned decimals as people write them: digits, at most three after the point, no exponent, no sign, no blanks. */
export const decimalPattern = '[0-9]{1,15}(?:\\.[0-9]{1,3})?';

const whole = /^(?:0|[1-9][0-9]{0,14})$/;

/** A whole number without sign, leading zeros or exponent, below 10^15; undefined for anything else. */
export function parseWhole(text: string): number | undefined {
  return whole.test(text) ? Number(text) : undefined;
}

/** `value` in units of `unit`, when that gives back exactly `value` with at most three decimals. */
export function inUnit(value: number, unit: number, combine: (amount: number, unit: number) => number) {
  const amount = Math.round((value / combine(1, unit)) * 1000) / 1000;
  const back = combine(amount, unit);
  return back === value && decimal.test(String(amount)) ? amount : undefined;
}

const decimal = new RegExp(`^${decimalPattern}$`);

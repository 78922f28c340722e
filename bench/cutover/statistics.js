/** The value below which a share of the values lies, the next one above; undefined for none. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))];
}

/** Rounded to two decimals for the table and the JSON; null where nothing was measured. */
export const rounded = (value) =>
  value === undefined || Number.isNaN(value) ? null : Math.round(value * 100) / 100;

const shape =
  /^(?:(\d{1,9})y)?(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;
const units = [365 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1];

/**
 * A duration as Prometheus writes it, in milliseconds: whole numbers with units from large to small, `1h30m`, or a plain 0.
 * Undefined where it is none. https://prometheus.io/docs/prometheus/latest/configuration/configuration/
 */
export function parseDuration(given: unknown): number | undefined {
  if (given === 0 || given === '0') return 0;
  const found = typeof given === 'string' && given !== '' ? shape.exec(given) : null;
  if (!found) return undefined;
  return units.reduce((sum, unit, index) => sum + unit * Number(found[index + 1] ?? 0), 0);
}

/** What is wrong with a duration; undefined where nothing is. */
export function durationProblem(given: unknown): string | undefined {
  if (parseDuration(given) !== undefined) return undefined;
  const allowed =
    'write whole numbers with the units y, w, d, h, m, s, ms from large to small, such as 30s or 1h30m';
  if (typeof given === 'number') return `${given} has no unit; ${allowed}`;
  return typeof given === 'string'
    ? `"${given.slice(0, 40)}" is not a duration; ${allowed}`
    : `this is not a duration; ${allowed}`;
}

import { percent } from '../../report/format.ts';
import type { Evidence, Probe, Witnessed } from '../fault.ts';
import { leastShare } from './readings.ts';

/** The value that a share of `values` does not exceed (nearest rank); NaN when there are none. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const medianOf = (values: readonly number[]): number => quantileOf(values, 0.5);

/** Fewer than this show nothing. */
export const leastProbes = 5;

/** How many of how many. */
export interface Tally {
  hits: number;
  of: number;
}

export const tally = (probes: readonly Probe[], isHit: (probe: Probe) => boolean): Tally => ({
  hits: probes.filter(isHit).length,
  of: probes.length,
});

/** Those that had waited so long for an answer, in milliseconds, tell that none comes. */
const leastPatienceMs = 500;

/**
 * Of the probes that were sent early enough to tell, those that had no answer while the fault lasted, whatever became of
 * them when it was over. A service that is slow anyway is given three times what it took before in nine of ten.
 */
export function unanswered({ before, during }: Evidence): Tally {
  const took = before.probes.filter(({ outcome }) => outcome === 'answered').map(({ ms }) => ms);
  const patienceMs = Math.max(leastPatienceMs, took.length === 0 ? 0 : 3 * quantileOf(took, 0.9));
  const telling = during.probes.filter(({ at }) => during.until - at >= patienceMs);
  return tally(telling, ({ at, ms, outcome }) => outcome === 'timeout' || at + ms >= during.until);
}

/** Standard score of a 95 % interval. */
const z = 1.96;

/** Wilson's interval at 95 % for a share of which a sample was seen (E. B. Wilson, JASA 22, 1927). */
export function intervalOf({ hits, of }: Tally): { low: number; high: number } {
  const middle = (hits + z ** 2 / 2) / (of + z ** 2);
  const half = (z / (of + z ** 2)) * Math.sqrt((hits * (of - hits)) / of + z ** 2 / 4);
  return { low: hits === 0 ? 0 : middle - half, high: hits === of ? 1 : middle + half };
}

/**
 * Whether a share of the probes was hit as asked, as far as so many can tell: at least four fifths of it and no more than
 * five fourths are possible, at least one was hit, and it is more than happened anyway.
 */
export function shareSeen(
  seen: { before: Tally; during: Tally },
  { asked, what }: { asked: number; what: string },
): Witnessed {
  const { before, during } = seen;
  if (during.of < leastProbes) return { seen: false, detail: `only ${during.of} probes while it lasted` };
  const { low, high } = intervalOf(during);
  const anyway = before.of === 0 ? 0 : before.hits / before.of;
  const share = during.hits / during.of;
  const detail = `${during.hits} of ${during.of} probes ${what} (${percent(share)}), ${percent(asked)} asked`;
  const told = (why: string): Witnessed => ({
    seen: false,
    detail: `${detail}: ${why}`,
    ratio: share / asked,
  });
  if (during.hits === 0 && asked * during.of < 3) return told('too few probes for so small a share');
  if (high < leastShare * asked || during.hits === 0) return told('fewer than asked');
  if (low > asked / leastShare) return told('more than asked, so that something else does it, too');
  if (low <= anyway && anyway > 0) return told(`${percent(anyway)} of them were before it, too`);
  return { seen: true, detail, ratio: share / asked };
}

import { plural } from '../report/format.ts';
import type { LedgerRecord } from '../report/proof.ts';
import type { LedgerSpec } from './schema/ledger.ts';

/** One write: its number, and when it was sent and acknowledged, on one clock; undefined: it was not. */
export interface Written {
  n: number;
  sentMs: number;
  acknowledgedMs: number | undefined;
  /** What the service calls it, where that was asked for. */
  id?: string;
}

/** The numbers as they were read back, in the order of the answer; `why` where that was not possible. */
export type ReadBack = { found: readonly number[] } | { why: string };

/**
 * Compares purely what was acknowledged with what is there. A write without an acknowledgement may have been done or
 * not: it cannot be lost, but if it is there twice it is counted.
 */
export function judgeLedger(
  written: readonly Written[],
  read: ReadBack,
  order: LedgerSpec['read']['order'],
): LedgerRecord {
  const acknowledged = written.filter(({ acknowledgedMs }) => acknowledgedMs !== undefined);
  const counts = { acknowledged: acknowledged.length, unknown: written.length - acknowledged.length };
  const why = 'why' in read ? read.why : acknowledged.length === 0 ? 'no write was acknowledged' : undefined;
  if (why !== undefined || 'why' in read) {
    const detail = `could not verify: ${why}`;
    return { verdict: 'inconclusive', ...counts, found: 0, lost: 0, duplicated: 0, reordered: 0, detail };
  }
  const ours = new Set(written.map(({ n }) => n));
  const found = read.found.filter((n) => ours.has(n));
  const there = new Set(found);
  const lost = acknowledged.filter(({ n }) => !there.has(n)).length;
  const duplicated = found.length - there.size;
  const reordered =
    order === 'any' ? 0 : outOfOrder(written, order === 'newest-first' ? found.toReversed() : found);
  const verdict = lost + duplicated === 0 ? 'passed' : 'failed';
  const detail = `${plural(acknowledged.length, 'acknowledged write')}: ${lost} lost, ${duplicated} duplicated, ${reordered} out of order; ${counts.unknown} unknown`;
  return { verdict, ...counts, found: there.size, lost, duplicated, reordered, detail };
}

/**
 * Writes that stand on the wrong side of another: one was acknowledged before the other was sent, and is listed after it.
 * Of those that came too early and those that came too late, the fewer are counted, so that one that was moved counts
 * once. Writes that were under way at the same time have no order.
 */
function outOfOrder(written: readonly Written[], found: readonly number[]): number {
  const byNumber = new Map(written.map((one) => [one.n, one]));
  const listed = [...new Set(found)].flatMap((n) => byNumber.get(n) ?? []);
  return Math.min(tooLate(listed), tooEarly(listed));
}

/** Acknowledged before something was sent that is listed before them. */
function tooLate(listed: readonly Written[]): number {
  let latestSent = Number.NEGATIVE_INFINITY;
  return listed.filter(({ sentMs, acknowledgedMs = Number.POSITIVE_INFINITY }) => {
    const isLate = acknowledgedMs < latestSent;
    latestSent = Math.max(latestSent, sentMs);
    return isLate;
  }).length;
}

/** Sent after something was acknowledged that is listed after them. */
function tooEarly(listed: readonly Written[]): number {
  let firstAcknowledged = Number.POSITIVE_INFINITY;
  return listed.toReversed().filter(({ sentMs, acknowledgedMs = Number.POSITIVE_INFINITY }) => {
    const isEarly = sentMs > firstAcknowledged;
    firstAcknowledged = Math.min(firstAcknowledged, acknowledgedMs);
    return isEarly;
  }).length;
}

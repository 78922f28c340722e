import type { MeterReport, Percentiles, TrafficWindow } from './report.ts';

/**
 * Failed of settled requests, 0 to 1; undefined when none was settled, because nothing was shown. What never left this
 * machine is no failure of the service, and not among the settled ones.
 */
export function errorRate(counts: {
  answered: number;
  failed: number;
  unreachable?: number;
}): number | undefined {
  const failed = counts.failed - (counts.unreachable ?? 0);
  const settled = counts.answered + failed;
  return settled === 0 ? undefined : failed / settled;
}

/** Sends that were late by the meter's own fault, 0 to 1; undefined when nothing was sent. */
export function lateShare(report: Pick<MeterReport, 'lateSends' | 'sent'>): number | undefined {
  return report.sent === 0 ? undefined : report.lateSends / report.sent;
}

/** The windows that lie whole or in part between two times, in milliseconds since the meter's start. */
export function windowsBetween(
  { windows, windowMs }: Pick<MeterReport, 'windows' | 'windowMs'>,
  fromMs: number,
  toMs: number,
): TrafficWindow[] {
  return windows.filter((one) => one.startMs < toMs && one.startMs + windowMs > fromMs);
}

/**
 * A time that the p99 over several windows does not exceed, in milliseconds: the largest of theirs. The exact figure of
 * a period comes from a section, see `Meter.mark`. Undefined when nothing was answered.
 */
export function p99UpperBound(windows: readonly TrafficWindow[]): number | undefined {
  const known = windows.map((one) => one.p99).filter((p99) => p99 !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Below so many answers a p99 is one unlucky request; while watching, such a reading is no breach. */
export const smallestSample = 100;

/** Up to this share, late sends cannot be the hundredth of requests that a p99 is about. */
const mostLateSends = 0.01;

/**
 * Whether a latency beyond `limitMs` may be the meter's own doing: the share of requests that it sent late itself is as
 * large as the share of slow ones. Lateness only adds, so a latency within the limit stands whatever this says.
 */
export function explainedByLateness(seen: {
  /** 0 to 1, see {@link lateShare}. */
  lateShare: number;
  latency: Pick<Percentiles, 'p50' | 'p90'>;
  limitMs: number;
}): boolean {
  const { lateShare, latency, limitMs } = seen;
  if (lateShare <= mostLateSends) return false;
  if (latency.p90 > limitMs && lateShare < 0.1) return false;
  return !(latency.p50 > limitMs && lateShare < 0.5);
}

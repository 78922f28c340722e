import type { Slo } from '../config/model.ts';
import type { RecoveryRecord } from '../report/proof.ts';
import { errorRate } from '../traffic/gates.ts';
import type { TrafficWindow } from '../traffic/report.ts';
import type { Experiment } from './schema.ts';

/** What a 100 ms window is judged by. */
export type Window = Pick<TrafficWindow, 'startMs' | 'sent' | 'answered' | 'failed' | 'p99'>;

/** Width of the windows that a meter tells as they are complete, in milliseconds. */
export const windowMs = 100;

/** When a window is good. */
export interface Limits {
  /** Largest share of failed requests, 0..1. */
  errorRate: number;
  /** Undefined: nothing counts as slow. */
  p99: number | undefined;
}

/** The promised service level; where no p99 is promised, the one that has to hold during the fault counts after it, too. */
export function limitsOf(slo: Slo, { expect }: Pick<Experiment, 'expect'>): Limits {
  return { errorRate: slo.errorRate ?? 0, p99: slo.p99 ?? expect.p99?.value };
}

/** A window in which nothing was to be sent says nothing and is neither good nor bad. */
export function isGood({ answered, failed, p99 }: Window, limits: Limits): boolean {
  const share = errorRate({ answered, failed }) ?? 1;
  return share <= limits.errorRate && (limits.p99 === undefined || p99 === undefined || p99 <= limits.p99);
}

export interface Timeline {
  /** All complete windows in order, from before the fault on. */
  windows: readonly Window[];
  /** Milliseconds since the meter's start at which the first fault was asked for. */
  faultMs: number;
  /** When the last one was gone; undefined: it is there. */
  goneMs: number | undefined;
  /** When the last one that had to be undone was gone; undefined: what was done was over at once, as a signal is. */
  heldMs: number | undefined;
  limits: Limits;
  /** So many good windows in a row are stable. */
  stable: number;
}

/** Whether the fault is gone and the last windows, all of them after it, are good: there is nothing to wait for any more. */
export function isStable({ windows, goneMs, limits, stable }: Timeline): boolean {
  if (goneMs === undefined) return false;
  const since = settledSince(windows, goneMs);
  return since.length >= stable && since.slice(-stable).every((window) => isGood(window, limits));
}

const settledSince = (windows: readonly Window[], ms: number): readonly Window[] =>
  windows.filter((window) => window.sent > 0 && window.startMs + windowMs > ms);

/** A recovery time, and what it counts from. */
export interface Recovery extends RecoveryRecord {
  /** For the gate `recovery`; undefined: the service did not become itself again while it was looked at. */
  judgedMs: number | undefined;
}

/**
 * How long the service needed, from windows alone, purely. The times are those at which requests were due, so that each
 * is right to a window: the first bad one begins at most 100 ms before the trouble, the first stable one at most 100 ms
 * after its end.
 *
 * Stable is the run of good windows with which the timeline ends. A service that was well again while the fault was
 * still there is judged by the time from the first bad window; one that was not, by the time from the fault's end: it
 * could not be well before.
 */
export function recoveryOf(timeline: Timeline): Recovery {
  const { faultMs, limits, stable } = timeline;
  const windows = settledSince(timeline.windows, faultMs);
  const base = { windows: stable, windowMs };
  const firstBad = windows.find((window) => !isGood(window, limits));
  if (!firstBad) return { ...base, judgedMs: windows.length >= stable ? 0 : undefined };
  const troubleMs = Math.max(faultMs, firstBad.startMs);
  const stableFrom = stableStart(windows, timeline);
  const success = windows.find(({ startMs, answered }) => startMs > firstBad.startMs && answered > 0);
  return {
    ...base,
    detectMs: troubleMs - faultMs,
    ...(success ? { firstSuccessMs: success.startMs - troubleMs } : {}),
    ...(stableFrom === undefined ? {} : { stableMs: stableFrom - troubleMs }),
    judgedMs: stableFrom === undefined ? undefined : judged(timeline, troubleMs, stableFrom),
  };
}

function judged({ heldMs }: Timeline, troubleMs: number, stableFrom: number): number {
  // A window in which the fault ended may be good because of that.
  const wellAlready = heldMs === undefined || stableFrom + windowMs <= heldMs;
  return Math.max(0, stableFrom - (wellAlready ? troubleMs : Math.max(heldMs, troubleMs)));
}

/** Where the run of good windows at the end begins, if it is long enough. */
function stableStart(windows: readonly Window[], { limits, stable }: Timeline): number | undefined {
  const lastBad = windows.findLastIndex((window) => !isGood(window, limits));
  const run = windows.slice(lastBad + 1);
  return run.length >= stable ? run[0]?.startMs : undefined;
}

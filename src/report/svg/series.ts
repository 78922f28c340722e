import type { MeterReport, TrafficWindow } from '../../traffic/report.ts';
import type { Span } from '../timeline.ts';

/** One column of a chart: one window of the meter, or several put together without losing the worst. */
export interface Point extends Span {
  /** Windows in it. */
  windows: number;
  /** Requests per second by who answered. */
  blue: number;
  green: number;
  unknown: number;
  /** Failed requests per second. */
  failedRate: number;
  /** Requests. */
  sent: number;
  failed: number;
  /** Windows in which requests were sent and none was answered. */
  silent: number;
  /** Milliseconds, each the largest of the windows; undefined when nothing was answered. */
  p50: number | undefined;
  p99: number | undefined;
  max: number | undefined;
}

/**
 * At most `limit` points over a span. Rates are means; failures and silent windows are sums and latencies are maxima,
 * so that a single bad window of a long run stays visible.
 */
export function pointsOf(meter: MeterReport, limit: number, span: Span = wholeOf(meter)): readonly Point[] {
  const windows = meter.windows.filter(
    (window) => window.startMs < span.toMs && window.startMs + meter.windowMs > span.fromMs,
  );
  const each = Math.max(1, Math.ceil(windows.length / limit));
  const points: Point[] = [];
  for (let i = 0; i < windows.length; i += each) points.push(together(windows.slice(i, i + each), meter));
  return points;
}

export function wholeOf(meter: MeterReport): Span {
  const last = meter.windows.at(-1);
  return { fromMs: 0, toMs: Math.max(meter.durationMs, last ? last.startMs + meter.windowMs : 0) };
}

function together(windows: readonly TrafficWindow[], meter: MeterReport): Point {
  const fromMs = windows[0]?.startMs ?? 0;
  const last = windows.at(-1)?.startMs ?? fromMs;
  const toMs = last + meter.windowMs;
  const measured = Math.max(toMs - fromMs - meter.windowMs + lastWidth(windows, meter), 1);
  const sum = (of: (window: TrafficWindow) => number): number =>
    windows.reduce((total, one) => total + of(one), 0);
  const rate = (of: (window: TrafficWindow) => number): number => (sum(of) * 1000) / measured;
  const top = (of: (window: TrafficWindow) => number | undefined): number | undefined => {
    const known = windows.map(of).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
  };
  const colored = (one: TrafficWindow): number => (one.byColor['blue'] ?? 0) + (one.byColor['green'] ?? 0);
  return {
    fromMs,
    toMs,
    windows: windows.length,
    blue: rate((one) => one.byColor['blue'] ?? 0),
    green: rate((one) => one.byColor['green'] ?? 0),
    unknown: rate((one) => Math.max(0, one.answered - colored(one))),
    failedRate: rate((one) => one.failed),
    sent: sum((one) => one.sent),
    failed: sum((one) => one.failed),
    silent: windows.filter((one) => one.sent > 0 && one.answered === 0).length,
    p50: top((one) => one.p50),
    p99: top((one) => one.p99),
    max: top((one) => one.max),
  };
}

/**
 * The last window of a run is cut short by its end; a rate over its full width would show a drop that never was. Requests
 * are due at a constant rate, so their number tells how much of the window was measured.
 */
function lastWidth(windows: readonly TrafficWindow[], meter: MeterReport): number {
  const last = windows.at(-1);
  if (last === undefined || last !== meter.windows.at(-1) || meter.rate <= 0) return meter.windowMs;
  return Math.min(meter.windowMs, (last.sent * 1000) / meter.rate);
}

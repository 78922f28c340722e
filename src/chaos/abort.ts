import { holds } from '../config/values/comparison.ts';
import { duration, percent, plural } from '../report/format.ts';
import { errorRate } from '../traffic/gates.ts';
import type { TrafficWindow } from '../traffic/report.ts';
import { windowMs } from './recovery.ts';
import type { AbortOn } from './schema/expect.ts';

/** Enough windows in a row were so bad that the fault has to go. */
export interface Breach {
  /** `error rate 40 %, which is >20%, for 2 windows`. */
  reason: string;
  about: 'latency' | 'errors' | 'throughput';
  /** Where the first of them ended, in milliseconds since the meter's start. */
  firstEndMs: number;
}

type Window = Pick<TrafficWindow, 'startMs' | 'sent' | 'answered' | 'failed' | 'p50' | 'p99'>;

/**
 * Watches windows one after the other. Each condition counts for itself; a window in which nothing was sent says nothing
 * and interrupts nothing.
 * @param beforePerSecond what was answered before the fault, for `of before`
 */
export function breachWatch(
  abortOn: AbortOn,
  beforePerSecond: number | undefined,
): (window: Window) => Breach | undefined {
  const runs = new Map<string, number[]>();
  return (window) => {
    if (window.sent === 0) return undefined;
    for (const [name, measured] of Object.entries(brokenIn(window, abortOn, beforePerSecond))) {
      const run = measured === undefined ? [] : [...(runs.get(name) ?? []), window.startMs + windowMs];
      runs.set(name, run);
      const [firstEndMs] = run;
      if (firstEndMs === undefined || run.length < abortOn.consecutive) continue;
      const reason = `${name} ${measured} for ${plural(abortOn.consecutive, 'window')}`;
      return { reason, about: abouts[name] ?? 'latency', firstEndMs };
    }
    return undefined;
  };
}

const abouts: Readonly<Record<string, Breach['about']>> = {
  'error rate': 'errors',
  throughput: 'throughput',
};

/** Each condition with what was measured where it is met. */
function brokenIn(
  window: Window,
  abortOn: AbortOn,
  before: number | undefined,
): Record<string, string | undefined> {
  return {
    p50: latencyBroken(window, window.p50, abortOn.p50),
    p99: latencyBroken(window, window.p99, abortOn.p99),
    'error rate': errorsBroken(window, abortOn),
    throughput: throughputBroken(window, abortOn, before),
  };
}

/** Where nothing was answered at all, it took longer than any bound. */
function latencyBroken(window: Window, value: number | undefined, bound: AbortOn['p99']): string | undefined {
  if (!bound) return undefined;
  if (window.answered === 0) return window.failed > 0 ? 'without an answer' : undefined;
  if (value === undefined || !holds(bound, value)) return undefined;
  return `${duration(value)}, which is ${bound.text}`;
}

function errorsBroken(window: Window, { errorRate: bound }: AbortOn): string | undefined {
  const share = errorRate(window);
  if (!bound || share === undefined || !holds(bound, share)) return undefined;
  return `${percent(share)}, which is ${bound.text}`;
}

function throughputBroken(
  { answered }: Window,
  { throughput: bound }: AbortOn,
  before: number | undefined,
): string | undefined {
  if (!bound) return undefined;
  const perSecond = (answered * 1_000) / windowMs;
  if (bound.of === undefined)
    return holds(bound, perSecond) ? `${perSecond}/s, which is ${bound.text}` : undefined;
  if (!before || !holds(bound, perSecond / before)) return undefined;
  return `${percent(perSecond / before)} of before, which is ${bound.text}`;
}

import type { MeterPlan } from './report.ts';

/**
 * Purely: when request `n` (from 0) is due, in milliseconds since the start; infinity when it never is. While the rate
 * grows evenly from 0, `rate * t² / (2 * ramp)` requests are due by the time `t`.
 */
export function dueMs(n: number, { rate, rampMs = 0, durationMs }: MeterPlan): number {
  if (rate === 'max') return Number.POSITIVE_INFINITY;
  const perMs = rate / 1_000;
  const inRamp = (perMs * rampMs) / 2;
  const due = n < inRamp ? Math.sqrt((2 * rampMs * n) / perMs) : rampMs + (n - inRamp) / perMs;
  return durationMs !== undefined && due >= durationMs ? Number.POSITIVE_INFINITY : due;
}

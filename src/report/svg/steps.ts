import { duration } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import type { StepRecord } from '../record.ts';
import { linear } from './scale.ts';

const width = 400;

/** One step's place in the whole run as a bar, never thinner than can be seen. */
export function stepBar(step: StepRecord, wholeMs: number): Markup {
  const x = linear([0, Math.max(1, wholeMs)], [0, width - 4]);
  const from = x(step.atMs);
  const length = Math.max(4, x(step.atMs + step.durationMs) - from);
  return markup`<svg viewBox="0 0 ${width} 16" preserveAspectRatio="none" role="img" aria-label="from ${duration(step.atMs)} to ${duration(step.atMs + step.durationMs)}"><rect class="track" width="${width}" y="6" height="4" rx="2"/><rect class="step ${step.outcome}" x="${from}" y="2" width="${length}" height="12" rx="2"/></svg>`;
}

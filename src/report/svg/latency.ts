import { count, duration } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import type { Timeline } from '../timeline.ts';
import {
  type ChartSize,
  drawBands,
  drawing,
  drawMarks,
  drawTimeAxis,
  drawValueAxis,
  type Frame,
  frameOf,
} from './frame.ts';
import { linear, logarithmic, logTicks, type Scale, ticks } from './scale.ts';
import { type Point, pointsOf } from './series.ts';

type Figure = 'p50' | 'p99' | 'max';
interface Axis {
  y: Scale;
  ticks: readonly number[];
  unit: string;
}

/** Latency from the intended send time: a band from p50 to p99, p99 as a line, the slowest of each column as dots. */
export function latencyChart(timeline: Timeline, size: ChartSize & { limitMs: number | undefined }): Markup {
  const points = pointsOf(timeline.meter, Math.floor(size.width / 3), size.span);
  const { frame, marks } = frameOf(size, timeline);
  const axis = axisFor(points, frame, size.limitMs);
  const content = markup`${drawValueAxis(frame, axis.ticks, { y: axis.y, unit: axis.unit })}${drawBands(frame, timeline)}${bands(points, frame, axis.y)}${limit(size.limitMs, frame, axis.y)}${drawTimeAxis(frame, timeline)}${drawMarks(marks, frame)}`;
  return drawing(
    size,
    { title: 'Latency over time', description: describe(timeline, size.limitMs) },
    content,
  );
}

/** Linear, or logarithmic where the slowest answer is far (20 times) from the typical one. */
function axisFor(points: readonly Point[], frame: Frame, limitMs: number | undefined): Axis {
  const known = (figure: Figure): number[] =>
    points.map((one) => one[figure]).filter((value) => value !== undefined);
  const typical = known('p50').sort((a, b) => a - b)[Math.floor(known('p50').length / 2)] ?? 1;
  const slowest = Math.max(typical, ...known('max'), 0.1);
  const range = [frame.bottom, frame.top + 6] as const;
  if (slowest / Math.max(typical, 0.01) < 20) {
    // The limit is drawn where it does not squeeze what was measured.
    const top =
      (limitMs !== undefined && limitMs < slowest * 2.5 ? Math.max(slowest, limitMs) : slowest) * 1.1;
    return { y: linear([0, top], range), ticks: ticks(0, top, 4), unit: 'ms' };
  }
  const lowest = Math.max(0.01, Math.min(...known('p50')) / 1.6);
  const highest = Math.max(slowest, limitMs ?? 0) * 1.3;
  return { y: logarithmic([lowest, highest], range), ticks: logTicks(lowest, highest), unit: 'ms, log' };
}

function bands(points: readonly Point[], frame: Frame, y: Scale): Markup {
  const known = points.filter((point) => point.p50 !== undefined);
  const clip = (ms: number): number => frame.x(Math.min(Math.max(ms, frame.span.fromMs), frame.span.toMs));
  const steps = (part: readonly Point[], figure: Figure): string[] =>
    part.flatMap((one) => [
      `${clip(one.fromMs)} ${y(one[figure] ?? 0)}`,
      `${clip(one.toMs)} ${y(one[figure] ?? 0)}`,
    ]);
  const parts = contiguous(known);
  const band = parts.map((part) => `M${[...steps(part, 'p99'), ...steps(part, 'p50').reverse()].join('L')}Z`);
  const line = (figure: Figure): string => parts.map((part) => `M${steps(part, figure).join('L')}`).join('');
  const dots = known
    .filter((one) => (one.max ?? 0) > (one.p99 ?? 0))
    .map((one) => `M${clip((one.fromMs + one.toMs) / 2)} ${y(one.max ?? 0)}h0`);
  return markup`<path class="latency-band" d="${band.join('')}"/><path class="latency-p50" d="${line('p50')}"/><path class="latency-p99" d="${line('p99')}"/><path class="latency-max" d="${dots.join('')}"/>`;
}

/** Nothing is drawn across windows in which nothing was answered. */
function contiguous(points: readonly Point[]): readonly Point[][] {
  const parts: Point[][] = [];
  for (const point of points) {
    const part = parts.at(-1);
    if (part?.at(-1)?.toMs === point.fromMs) part.push(point);
    else parts.push([point]);
  }
  return parts;
}

function limit(limitMs: number | undefined, frame: Frame, y: Scale): Markup {
  if (limitMs === undefined || y(limitMs) < frame.top) return markup``;
  const at = y(limitMs);
  return markup`<g class="limit"><line x1="${frame.left}" x2="${frame.right}" y1="${at}" y2="${at}"/><text x="${frame.right - 4}" y="${at - 5}" text-anchor="end">limit of p99: ${duration(limitMs)}</text></g>`;
}

function describe(timeline: Timeline, limitMs: number | undefined): string {
  const { latency } = timeline.meter;
  if (latency === undefined) return 'No request was answered.';
  const against = limitMs === undefined ? '' : `; the limit of p99 is ${duration(limitMs)}`;
  return `Half of the requests took up to ${duration(latency.p50)}, 99 % up to ${duration(latency.p99)}, the slowest ${duration(latency.max)}${against}. ${count(timeline.meter.answered)} requests were answered.`;
}

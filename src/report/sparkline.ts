import { count, duration } from './format.ts';
import { pointsOf, wholeOf } from './svg/series.ts';
import type { Timeline } from './timeline.ts';

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const columns = 60;

function bar(value: number, peak: number): string {
  if (value <= 0) return '·';
  return blocks[Math.min(blocks.length - 1, Math.floor((value / peak) * (blocks.length - 1)))] ?? '█';
}

/**
 * Traffic over time in characters, a row for each colour and one for failures, for where no drawing is shown. `·` is
 * nothing; a single failure is `▁` at least.
 */
export function sparkline(timeline: Timeline): string {
  const points = pointsOf(timeline.meter, columns);
  const peak = Math.max(1, ...points.map((one) => one.blue + one.green + one.unknown));
  const failures = Math.max(1, ...points.map((one) => one.failed));
  const total = (color: string): string => count(timeline.meter.byColor[color] ?? 0);
  const whole = wholeOf(timeline.meter);
  const rows: (readonly [string, string, string])[] = [
    ['blue', points.map((one) => bar(one.blue, peak)).join(''), total('blue')],
    ['green', points.map((one) => bar(one.green, peak)).join(''), total('green')],
    ['failed', points.map((one) => bar(one.failed, failures)).join(''), count(timeline.meter.failed)],
  ];
  const lines = rows.map(([name, line, figure]) => `${name.padEnd(7)}${line}  ${figure}`);
  const marks = timeline.marks.map((mark) => {
    const seconds = (mark.atMs - whole.fromMs) / (whole.toMs - whole.fromMs || 1);
    return `${mark.label} in column ${Math.min(points.length, Math.floor(seconds * points.length) + 1)}`;
  });
  const each = duration((whole.toMs - whole.fromMs) / Math.max(1, points.length));
  return [...lines, `${''.padEnd(7)}one column is ${each}${marks.map((mark) => `; ${mark}`).join('')}`].join(
    '\n',
  );
}

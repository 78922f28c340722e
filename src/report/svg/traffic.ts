import { count, duration, plural } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import { momentOf, type Timeline } from '../timeline.ts';
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
import { linear, px, type Scale, ticks } from './scale.ts';
import { type Point, pointsOf } from './series.ts';

const layers = ['blue', 'green', 'unknown', 'failedRate'] as const;
type Layer = (typeof layers)[number];
const layerClass: Readonly<Record<Layer, string>> = {
  blue: 'blue',
  green: 'green',
  unknown: 'unknown',
  failedRate: 'failed',
};
/** Height of the lane under the plot in which every window with a failure has a mark of its own. */
const laneHeight = 12;
const laneGap = 8;

/** Answered requests a second by colour, stacked, with failures on top and in a lane of their own. */
export function trafficChart(timeline: Timeline, size: ChartSize): Markup {
  const points = pointsOf(timeline.meter, Math.floor(size.width / 2), size.span);
  const { frame: whole, marks } = frameOf(size, timeline);
  const plot = { ...whole, bottom: whole.bottom - laneHeight - laneGap };
  const peak = Math.max(1, ...points.map((one) => layers.reduce((sum, layer) => sum + one[layer], 0)));
  const y = linear([0, peak * 1.12], [plot.bottom, plot.top]);
  const content = markup`${hatch(size.id)}${drawValueAxis(plot, ticks(0, peak * 1.12, 4), { y, unit: 'req/s' })}${drawBands(whole, timeline)}<g>${areas(points, plot, { y, id: size.id })}</g>${names(points, timeline, { plot, y })}${lane(points, timeline, whole)}${gapMark(timeline, whole)}${drawTimeAxis(whole, timeline)}${drawMarks(marks, whole)}${hover(points, timeline, whole)}`;
  return drawing(size, { title: 'Requests a second by colour', description: describe(timeline) }, content);
}

/** Green is hatched as well as green: the two can be told apart without seeing colour. */
function hatch(id: string): Markup {
  return markup`<defs><pattern id="${id}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="green" width="7" height="7"/><line class="hatch" x1="0" x2="0" y1="0" y2="7"/></pattern></defs>`;
}

function areas(points: readonly Point[], plot: Frame, drawn: { y: Scale; id: string }): readonly Markup[] {
  return layers.map((layer, depth) => {
    if (!points.some((point) => point[layer] > 0)) return markup``;
    const below = layers.slice(0, depth);
    const base = (point: Point): number => below.reduce((sum, one) => sum + point[one], 0);
    const paths = runs(points, (point) => point[layer] > 0).map((run) =>
      areaPath(run, plot, { base, layer, y: drawn.y }),
    );
    const fill = layer === 'green' ? markup` fill="url(#${drawn.id}-hatch)"` : undefined;
    return markup`<path class="area ${layer === 'green' ? 'hatched' : layerClass[layer]}"${fill} d="${paths.join('')}"/>`;
  });
}

/** Stretches of neighbours that all fulfil a condition. */
function runs(points: readonly Point[], holds: (point: Point) => boolean): readonly Point[][] {
  const list: Point[][] = [];
  let open = false;
  for (const point of points) {
    if (!holds(point)) open = false;
    else if (open) list.at(-1)?.push(point);
    else {
      list.push([point]);
      open = true;
    }
  }
  return list;
}

/** Each window is flat from its start to its end: it is a count, and between windows nothing is known. */
function areaPath(
  run: readonly Point[],
  plot: Frame,
  drawn: { base: (point: Point) => number; layer: Layer; y: Scale },
): string {
  const { base, layer, y } = drawn;
  const clip = (ms: number): number => plot.x(Math.min(Math.max(ms, plot.span.fromMs), plot.span.toMs));
  const upper = run.flatMap((one) => {
    const at = y(base(one) + one[layer]);
    return [`${clip(one.fromMs)} ${at}`, `${clip(one.toMs)} ${at}`];
  });
  const lower = run
    .flatMap((one) => [`${clip(one.fromMs)} ${y(base(one))}`, `${clip(one.toMs)} ${y(base(one))}`])
    .reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

/** The name of each colour inside its largest stretch. */
function names(
  points: readonly Point[],
  timeline: Timeline,
  drawn: { plot: Frame; y: Scale },
): readonly Markup[] {
  return (['blue', 'green'] as const).map((color) => {
    const longest = runs(
      points,
      (point) => point[color] > 0 && point[color] >= point[color === 'blue' ? 'green' : 'blue'],
    ).reduce<Point[]>((best, run) => (run.length > best.length ? run : best), []);
    const [first, last] = [longest[0], longest.at(-1)];
    if (first === undefined || last === undefined) return markup``;
    const [from, to] = [
      drawn.plot.x(Math.max(first.fromMs, drawn.plot.span.fromMs)),
      drawn.plot.x(Math.min(last.toMs, drawn.plot.span.toMs)),
    ];
    const name = timeline.names[color];
    if (to - from < name.length * 8) return markup``;
    const middle = px((from + to) / 2);
    const half = longest.reduce((sum, one) => sum + one[color], 0) / longest.length / 2;
    const width = px(name.length * 7.4 + 18);
    return markup`<rect class="plate" x="${px(middle - width / 2)}" y="${drawn.y(half) - 12}" width="${width}" height="24" rx="12"/><text class="name ${color}" x="${middle}" y="${drawn.y(half) + 4.5}" text-anchor="middle">${name}</text>`;
  });
}

/** One mark for every column with a failure or without an answer, never less than 3 pixels wide. */
function lane(points: readonly Point[], timeline: Timeline, whole: Frame): Markup {
  const top = whole.bottom - laneHeight;
  const bad = points.filter((point) => point.failed > 0 || point.silent > 0);
  const bars = bad.map((point) => {
    const [from, to] = [
      whole.x(Math.max(point.fromMs, whole.span.fromMs)),
      whole.x(Math.min(point.toMs, whole.span.toMs)),
    ];
    const width = Math.max(3, px(to - from));
    return markup`<rect class="failed" x="${from}" y="${top + 2}" width="${width}" height="${laneHeight - 4}"><title>${plural(point.failed, 'request')} failed ${momentOf(timeline, point.fromMs)}</title></rect>`;
  });
  return markup`<rect class="lane" x="${whole.left}" y="${top}" width="${whole.right - whole.left}" height="${laneHeight}"/><text class="axis" x="${whole.left - 7}" y="${top + 10}" text-anchor="end">failed</text>${bars}`;
}

function gapMark(timeline: Timeline, whole: Frame): Markup {
  const { gap, meter } = timeline;
  if (gap === undefined || gap.toMs < whole.span.fromMs || gap.fromMs > whole.span.toMs) return markup``;
  const [from, to] = [
    whole.x(Math.max(gap.fromMs, whole.span.fromMs)),
    whole.x(Math.min(gap.toMs, whole.span.toMs)),
  ];
  const middle = px((from + to) / 2);
  const y = whole.top + 40;
  const label = `longest gap ${duration(meter.longestGapMs)}`;
  const labelWidth = label.length * 7.3 + 20;
  const crossed = (from: number, to: number): boolean =>
    timeline.marks.some((mark) => whole.x(mark.atMs) >= from && whole.x(mark.atMs) <= to);
  const right = middle + labelWidth > whole.right || crossed(middle, middle + labelWidth);
  const anchor = right && middle - labelWidth > whole.left ? 'end' : 'start';
  const textX = anchor === 'start' ? Math.max(to, middle + 3) + 6 : Math.min(from, middle - 3) - 6;
  const width = px(label.length * 7.3 + 8);
  const plateX = anchor === 'start' ? textX - 4 : textX - width + 4;
  return markup`<g class="gap"><path d="M${from} ${y - 5}V${y + 5}M${to} ${y - 5}V${y + 5}M${from} ${y}H${to}"/><rect class="plate" x="${plateX}" y="${y - 10}" width="${width}" height="19" rx="4"/><text x="${textX}" y="${y + 4}" text-anchor="${anchor}">${label}</text></g>`;
}

/** Invisible columns that show their figures to a pointer; few enough to stay light. */
function hover(points: readonly Point[], timeline: Timeline, whole: Frame): Markup {
  const each = Math.max(1, Math.ceil(points.length / 120));
  const columns = points.filter((_, i) => i % each === 0);
  return markup`<g class="hover">${columns.map((point, i) => {
    const last = points[Math.min(points.length, (i + 1) * each) - 1] ?? point;
    const group = points.slice(i * each, (i + 1) * each);
    const sum = (of: (one: Point) => number): number => group.reduce((total, one) => total + of(one), 0);
    const [from, to] = [
      whole.x(Math.max(point.fromMs, whole.span.fromMs)),
      whole.x(Math.min(last.toMs, whole.span.toMs)),
    ];
    const slowest = Math.max(...group.map((one) => one.max ?? 0));
    return markup`<rect x="${from}" y="${whole.top}" width="${px(Math.max(0, to - from))}" height="${whole.bottom - whole.top - laneHeight - laneGap}"><title>${momentOf(timeline, point.fromMs)}: ${count(sum((one) => one.sent))} sent, ${count(sum((one) => one.failed))} failed, slowest ${duration(slowest)}</title></rect>`;
  })}</g>`;
}

function describe(timeline: Timeline): string {
  const { meter, marks, names: color } = timeline;
  const events = marks.map((mark) => `${mark.label} at ${duration(mark.atMs)}`).join(', ');
  const share = (name: 'blue' | 'green'): string =>
    `${color[name]} answered ${count(meter.byColor[name] ?? 0)}`;
  return `${count(meter.sent)} requests in ${duration(meter.durationMs)}: ${share('blue')}, ${share('green')}, ${count(meter.failed)} failed. ${events || 'Nothing was switched'}.`;
}

import { count } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import type { Band, Mark, Span, Timeline } from '../timeline.ts';
import { linear, px, type Scale, ticks } from './scale.ts';

/** A drawing's size and where the plot lies in it, in pixels of the view box. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  span: Span;
  x: Scale;
}

export interface ChartSize {
  width: number;
  height: number;
  /** The part of the measurement that is drawn. */
  span: Span;
  /** Unique in the page: ids of the drawing start with it. */
  id: string;
}

const labelRow = 17;
/** Mean width of a character of the labels, a little on the safe side. */
const characterWidth = 7.2;

interface Placed extends Mark {
  x: number;
  row: number;
  anchor: 'start' | 'end';
}

/** A plot with room above it for the labels of its marks. */
export function frameOf(size: ChartSize, timeline: Timeline): { frame: Frame; marks: readonly Placed[] } {
  const [left, right] = [52, size.width - 22];
  const x = linear([size.span.fromMs, size.span.toMs], [left, right]);
  const seen = timeline.marks.filter((mark) => mark.atMs >= size.span.fromMs && mark.atMs <= size.span.toMs);
  const marks = placeLabels(seen, x, { left, right });
  const rows = Math.max(1, ...marks.map((mark) => mark.row + 1));
  const top = 8 + rows * labelRow;
  return {
    frame: {
      width: size.width,
      height: size.height,
      left,
      right,
      top,
      bottom: size.height - 40,
      span: size.span,
      x,
    },
    marks,
  };
}

/** A label stands right of its line, left of it where the next line or the edge is near, and higher where that is taken. */
function placeLabels(
  marks: readonly Mark[],
  x: Scale,
  plot: { left: number; right: number },
): readonly Placed[] {
  const taken: { from: number; to: number }[][] = [];
  return marks.map((mark, i) => {
    const at = x(mark.atMs);
    const width = mark.label.length * characterWidth + 14;
    const following = marks[i + 1];
    const room = following === undefined ? plot.right : x(following.atMs);
    const anchor = at + width > room && at - width > plot.left ? 'end' : 'start';
    const from = anchor === 'start' ? at : at - width;
    const free = taken.findIndex((row) => row.every((one) => one.to <= from || one.from >= from + width));
    const row = free < 0 ? taken.length : free;
    taken[row] = [...(taken[row] ?? []), { from, to: from + width }];
    return { ...mark, x: at, row, anchor };
  });
}

/** The lines of the switch, the breach and the rollback, with their labels above the plot. */
export function drawMarks(marks: readonly Placed[], frame: Frame): Markup {
  return markup`${marks.map((mark) => {
    const y = frame.top - 6 - mark.row * labelRow;
    const textX = mark.anchor === 'start' ? mark.x + 5 : mark.x - 5;
    return markup`<g class="mark ${mark.kind}"><line x1="${mark.x}" x2="${mark.x}" y1="${y - 10}" y2="${frame.bottom}"/><text x="${textX}" y="${y}" text-anchor="${mark.anchor}">${mark.label}</text></g>`;
  })}`;
}

/** Seconds along the bottom, counted from the timeline's zero. */
export function drawTimeAxis(frame: Frame, timeline: Timeline): Markup {
  const [from, to] = [frame.span.fromMs - timeline.zeroMs, frame.span.toMs - timeline.zeroMs];
  const marks = ticks(from / 1000, to / 1000, Math.max(3, Math.round((frame.right - frame.left) / 110)));
  const labels = marks.map((seconds) => {
    const at = frame.x(seconds * 1000 + timeline.zeroMs);
    const text =
      seconds > 0 && timeline.zeroMs > 0 ? `+${count(seconds, 2)}` : count(seconds, 2).replace('-', '−');
    return markup`<line class="tick" x1="${at}" x2="${at}" y1="${frame.bottom}" y2="${frame.bottom + 4}"/><text class="axis" x="${at}" y="${frame.bottom + 17}" text-anchor="middle">${text}</text>`;
  });
  const middle = px((frame.left + frame.right) / 2);
  return markup`<line class="base" x1="${frame.left}" x2="${frame.right}" y1="${frame.bottom}" y2="${frame.bottom}"/>${labels}<text class="axis" x="${middle}" y="${frame.bottom + 33}" text-anchor="middle">seconds from ${timeline.zeroName}</text>`;
}

/** Lines across the plot with their values on the left and the unit above them. */
export function drawValueAxis(
  frame: Frame,
  values: readonly number[],
  axis: { y: Scale; unit: string },
): Markup {
  const lines = values.map(
    (value) =>
      markup`<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${axis.y(value)}" y2="${axis.y(value)}"/><text class="axis" x="${frame.left - 7}" y="${axis.y(value) + 4}" text-anchor="end">${count(value, 2)}</text>`,
  );
  return markup`${lines}<text class="axis" x="${frame.left - 7}" y="${frame.top - 10}" text-anchor="end">${axis.unit}</text>`;
}

/** What lasted a while (a bake, a fault), as bands behind the plot. */
export function drawBands(frame: Frame, { bands }: Timeline): Markup {
  const seen = bands.filter(({ fromMs, toMs }) => fromMs < frame.span.toMs && toMs > frame.span.fromMs);
  return markup`${seen.map((band) => drawBand(band, frame))}`;
}

function drawBand({ kind, label, fromMs, toMs }: Band, frame: Frame): Markup {
  const from = frame.x(Math.max(fromMs, frame.span.fromMs));
  const to = frame.x(Math.min(toMs, frame.span.toMs));
  const name =
    label !== undefined && to - from > 40
      ? markup`<text class="band" x="${px((from + to) / 2)}" y="${frame.top + 14}" text-anchor="middle">${label}</text>`
      : undefined;
  // What is over in an instant, such as a kill, is still to be seen.
  const width = Math.max(2, px(to - from));
  return markup`<rect class="${kind}" x="${from}" y="${frame.top}" width="${width}" height="${frame.bottom - frame.top}"/>${name}`;
}

/** The whole drawing, with what a screen reader says of it. */
export function drawing(
  size: ChartSize,
  text: { title: string; description: string },
  content: Markup,
): Markup {
  return markup`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="${size.id}-title ${size.id}-desc" xmlns="http://www.w3.org/2000/svg"><title id="${size.id}-title">${text.title}</title><desc id="${size.id}-desc">${text.description}</desc>${content}</svg>`;
}

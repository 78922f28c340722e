import { duration } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import type { CutoverEvidence, ReleaseRecord, SwitchRecord } from '../record.ts';
import { latencyChart } from '../svg/latency.ts';
import { wholeOf } from '../svg/series.ts';
import { trafficChart } from '../svg/traffic.ts';
import { type Mark, momentOf, type Span, type Timeline, timelineOf } from '../timeline.ts';
import { section } from './parts.ts';

const widest = 1080;
const zoomMs = 2_000;

/** What the meter saw over time: the whole run, then two seconds around each change of the route. */
export function charts(record: ReleaseRecord): Markup {
  const { cutover } = record;
  const timeline = timelineOf(record);
  if (cutover === undefined || timeline === undefined) return unmeasured(cutover);
  const size = { width: widest, span: wholeOf(timeline.meter) };
  const limitMs = record.slo?.p99Ms;
  const traffic = trafficChart(timeline, { ...size, height: 300, id: 'traffic' });
  const latency = latencyChart(timeline, { ...size, height: 250, id: 'latency', limitMs });
  return markup`${section({ title: 'Who answered' }, markup`${trafficLegend(timeline)}${wide(traffic)}${gapCaption(timeline)}`)}${section({ title: 'How fast', hint: 'Latency counts from the moment a request was due, so a stall is seen in full.' }, markup`${latencyLegend()}${wide(latency)}`)}${zooms(timeline, cutover, limitMs)}`;
}

function unmeasured(cutover: CutoverEvidence | undefined): Markup {
  if (cutover === undefined || cutover.switches.length === 0) return markup``;
  return section(
    { title: 'Who answered' },
    markup`<p>Requests were not measured during this cutover, so nothing is known about failures, gaps or latency.</p>`,
  );
}

const wide = (chart: Markup): Markup => markup`<div class="chart wide scroll">${chart}</div>`;

const sample = (content: Markup): Markup =>
  markup`<svg viewBox="0 0 22 12" aria-hidden="true">${content}</svg>`;

function trafficLegend(timeline: Timeline): Markup {
  const { byColor, answered } = timeline.meter;
  const colored = (byColor['blue'] ?? 0) + (byColor['green'] ?? 0);
  const unknown =
    answered > colored
      ? markup`<li>${sample(markup`<rect class="unknown" width="22" height="12" rx="2"/>`)}colour not told</li>`
      : undefined;
  return markup`<ul class="legend"><li>${sample(markup`<rect class="blue" width="22" height="12" rx="2"/>`)}${timeline.names.blue}</li><li>${sample(markup`<rect width="22" height="12" rx="2" fill="url(#traffic-hatch)"/>`)}${timeline.names.green}</li>${unknown}<li>${sample(markup`<rect class="failed" width="22" height="12" rx="2"/>`)}failed</li></ul>`;
}

function latencyLegend(): Markup {
  return markup`<ul class="legend"><li>${sample(markup`<rect class="latency-band" width="22" height="12"/><path class="latency-p50" d="M0 11.5H22"/>`)}p50 to p99</li><li>${sample(markup`<path class="latency-p99" d="M0 6H22"/>`)}p99</li><li>${sample(markup`<path class="latency-max" d="M5 6h0M11 6h0M17 6h0"/>`)}slowest, where above p99</li></ul>`;
}

function gapCaption(timeline: Timeline): Markup {
  const { gap, meter } = timeline;
  const each = Math.ceil(meter.windows.length / (widest / 2));
  const columns = `A column is ${duration(meter.windowMs * Math.max(1, each))} of requests.`;
  const where =
    gap === undefined
      ? ''
      : ` The longest time without a good answer, ${duration(meter.longestGapMs)}, began ${momentOf(timeline, gap.fromMs)}.`;
  return markup`<figcaption class="hint">${columns}${where}</figcaption>`;
}

function zooms(timeline: Timeline, cutover: CutoverEvidence, limitMs: number | undefined): Markup {
  const whole = wholeOf(timeline.meter);
  if (whole.toMs - whole.fromMs <= 2 * zoomMs) return markup``;
  const changes = timeline.marks.filter((mark) => mark.kind !== 'breach');
  const panels = changes.map((mark, n) => zoom(timeline, mark, { cutover, limitMs, id: `zoom-${n}` }));
  return markup`${panels}`;
}

const zoomTitle: Readonly<Record<SwitchRecord['kind'], string>> = {
  switch: 'Two seconds around the switch',
  rollback: 'Two seconds around the rollback',
};

function zoom(
  timeline: Timeline,
  mark: Mark,
  about: { cutover: CutoverEvidence; limitMs: number | undefined; id: string },
): Markup {
  const kind = mark.kind === 'rollback' ? 'rollback' : 'switch';
  const whole = wholeOf(timeline.meter);
  const span: Span = {
    fromMs: Math.max(whole.fromMs, mark.atMs - zoomMs),
    toMs: Math.min(whole.toMs, mark.atMs + zoomMs),
  };
  const size = { width: 540, span };
  const traffic = trafficChart(timeline, { ...size, height: 240, id: `${about.id}-traffic` });
  const latency = latencyChart(timeline, {
    ...size,
    height: 240,
    id: `${about.id}-latency`,
    limitMs: about.limitMs,
  });
  return section(
    { title: zoomTitle[kind], hint: followed(about.cutover.switches.filter((one) => one.kind === kind)) },
    markup`<div class="pair"><div class="chart">${traffic}</div><div class="chart">${latency}</div></div>`,
  );
}

/** `First answer of green 0.8 ms after the write, last of blue 2.6 ms after it.` */
function followed(switches: readonly SwitchRecord[]): string {
  const [first] = switches;
  if (first === undefined) return '';
  const worst = (of: (one: SwitchRecord) => number | undefined): number | undefined =>
    switches.map(of).reduce((a, b) => (a === undefined || b === undefined ? undefined : Math.max(a, b)));
  const slowest = switches.length > 1 ? 'at the slowest component ' : '';
  const firstNew = worst((one) => one.firstNewMs);
  const lastOld = worst((one) => one.lastOldMs);
  const verified = worst((one) => one.verifiedMs);
  const parts = [
    firstNew === undefined ? undefined : `first answer of ${first.to} ${slowest}after ${duration(firstNew)}`,
    lastOld === undefined || first.from === undefined
      ? undefined
      : `last of ${first.from} after ${duration(lastOld)}`,
    verified === undefined ? undefined : `verified after ${duration(verified)}`,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return 'The target could not tell when each colour answered first and last.';
  return `From the write of the route: ${parts.join(', ')}.`;
}

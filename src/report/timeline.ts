import type { MeterReport, TrafficWindow } from '../traffic/report.ts';
import { duration, shorten, versionName } from './format.ts';
import type { CutoverEvidence, ReleaseRecord, SwitchRecord } from './record.ts';

/** Milliseconds since the meter's start. */
export interface Span {
  fromMs: number;
  toMs: number;
}

export interface Mark {
  kind: 'switch' | 'rollback' | 'breach';
  atMs: number;
  label: string;
}

/** When things happened, in the meter's time, for the charts. */
export interface Timeline {
  meter: MeterReport;
  /** What axes count from: the first switch, or the meter's start where nothing was switched. */
  zeroMs: number;
  zeroLabel: string;
  marks: readonly Mark[];
  bake: Span | undefined;
  /** Where the longest gap was, as far as the windows tell. */
  gap: Span | undefined;
  /** `green · v2`, or the colour alone where its version is not known. */
  names: Readonly<Record<'blue' | 'green', string>>;
}

/** Undefined when there is no meter or it has no windows: then there is nothing to draw. */
export function timelineOf(record: ReleaseRecord): Timeline | undefined {
  const { cutover } = record;
  const meter = cutover?.meter;
  if (cutover === undefined || meter === undefined || meter.windows.length === 0) return undefined;
  const marks = marksOf(cutover, meter);
  const first = marks.find((mark) => mark.kind === 'switch');
  return {
    meter,
    zeroMs: first?.atMs ?? 0,
    zeroLabel: first ? 'seconds from the switch' : 'seconds from the start of the measurement',
    marks,
    bake: bakeOf(record, cutover, meter),
    gap: gapOf(meter),
    names: namesOf(record, cutover),
  };
}

function marksOf(cutover: CutoverEvidence, meter: MeterReport): readonly Mark[] {
  const marks: Mark[] = [];
  for (const kind of ['switch', 'rollback'] as const) {
    const switches = cutover.switches.filter((one) => one.kind === kind);
    const [first] = switches;
    if (first)
      marks.push({ kind, atMs: first.at - meter.startedAt, label: markLabel(kind, first, switches.length) });
  }
  if (cutover.rollback) {
    marks.push({ kind: 'breach', atMs: cutover.rollback.breachAt - meter.startedAt, label: 'breach seen' });
  }
  return marks
    .filter((mark) => mark.atMs >= 0 && mark.atMs <= meter.durationMs)
    .sort((a, b) => a.atMs - b.atMs);
}

function markLabel(kind: SwitchRecord['kind'], first: SwitchRecord, components: number): string {
  const verb = kind === 'switch' ? `switch to ${first.to}` : `rolled back to ${first.to}`;
  return components > 1 ? `${verb} (${components} components)` : verb;
}

function bakeOf(record: ReleaseRecord, cutover: CutoverEvidence, meter: MeterReport): Span | undefined {
  const bake = cutover.steps.find(
    (step) => step.step === 'bake' && ['done', 'failed', 'cancelled'].includes(step.outcome),
  );
  if (bake === undefined) return undefined;
  const start =
    cutover.startedAt ??
    Date.parse(record.stages.find((stage) => stage.name === 'cutover')?.startedAt ?? record.startedAt);
  const fromMs = Math.max(0, start + bake.atMs - meter.startedAt);
  const toMs = Math.min(meter.durationMs, start + bake.atMs + bake.durationMs - meter.startedAt);
  return toMs > fromMs ? { fromMs, toMs } : undefined;
}

/**
 * The meter tells how long the longest gap was; the windows can tell where, if only one place fits: the longest run of
 * windows without an answer, the one stretch of slow answers (whoever waits through a gap is about as slow as the gap is
 * long), or the one stretch of failures. Otherwise, and where the gap is no more than the spacing of three requests, it is
 * not placed: a mark in the wrong place would be worse than none.
 */
export function gapOf(meter: MeterReport): Span | undefined {
  if (meter.rate > 0 && meter.longestGapMs < 3_000 / meter.rate) return undefined;
  const silent = stretches(meter, (window) => window.sent > 0 && window.answered === 0);
  if (silent.length > 0 && meter.longestGapMs >= meter.windowMs) return silent.reduce(longer);
  const slow = stretches(meter, (window) => (window.max ?? 0) >= 0.6 * meter.longestGapMs);
  if (slow.length > 0) return onlyOne(slow, meter);
  return onlyOne(
    stretches(meter, (window) => window.failed > 0),
    meter,
  );
}

const longer = (a: Span, b: Span): Span => (b.toMs - b.fromMs > a.toMs - a.fromMs ? b : a);

/** The stretch, if there is but one and it is not much longer than what it is to explain. */
function onlyOne(spans: readonly Span[], meter: MeterReport): Span | undefined {
  const [span] = spans;
  if (span === undefined || spans.length > 1) return undefined;
  return span.toMs - span.fromMs <= meter.longestGapMs + 2 * meter.windowMs ? span : undefined;
}

/** Runs of neighbouring windows that all fulfil a condition. */
function stretches(meter: MeterReport, holds: (window: TrafficWindow) => boolean): readonly Span[] {
  const spans: Span[] = [];
  for (const window of meter.windows.filter(holds)) {
    const last = spans.at(-1);
    const toMs = window.startMs + meter.windowMs;
    if (last?.toMs === window.startMs) last.toMs = toMs;
    else spans.push({ fromMs: window.startMs, toMs });
  }
  return spans;
}

/** The new version belongs to the colour switched to; the other version seen belongs to the other colour. */
function namesOf(record: ReleaseRecord, cutover: CutoverEvidence): Timeline['names'] {
  const versions: { blue?: string; green?: string } = {};
  const first = cutover.switches.find((one) => one.kind === 'switch');
  const others = Object.keys(cutover.meter?.byVersion ?? {}).filter(
    (version) => version !== record.release.version,
  );
  if (first) {
    versions[first.to] = record.release.version;
    if (others.length === 1 && others[0] !== undefined)
      versions[first.to === 'green' ? 'blue' : 'green'] = others[0];
  }
  const name = (color: 'blue' | 'green'): string =>
    versions[color] === undefined ? color : `${color} · ${shorten(versionName(versions[color]), 24)}`;
  return { blue: name('blue'), green: name('green') };
}

/** `8.2 s after the switch`, for captions. */
export function momentOf(timeline: Timeline, atMs: number): string {
  const offset = atMs - timeline.zeroMs;
  const from = timeline.marks.some((mark) => mark.kind === 'switch') ? 'the switch' : 'the start';
  return `${duration(Math.abs(offset))} ${offset < 0 ? 'before' : 'after'} ${from}`;
}

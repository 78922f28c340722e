import type { MeterReport } from '../traffic/report.ts';
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

/** Where the longest gap was; not worth a mark where it is no longer than the spacing of three requests. */
export function gapOf({ rate, longestGapMs, longestGapAtMs }: MeterReport): Span | undefined {
  if (rate > 0 && longestGapMs < 3_000 / rate) return undefined;
  return { fromMs: longestGapAtMs, toMs: longestGapAtMs + longestGapMs };
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

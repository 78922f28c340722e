import type { MeterReport } from '../traffic/report.ts';
import { duration, shorten, versionName } from './format.ts';
import type { ExperimentRecord } from './proof.ts';
import type { CutoverEvidence, ReleaseRecord, SwitchRecord } from './record.ts';

/** Milliseconds since the meter's start. */
export interface Span {
  fromMs: number;
  toMs: number;
}

export interface Mark {
  kind: 'switch' | 'rollback' | 'breach' | 'fault' | 'recovered';
  atMs: number;
  label: string;
}

/** A stretch of time that is drawn behind the plot. */
export interface Band extends Span {
  kind: 'bake' | 'fault';
  /** Undefined where a mark at its start says what it is. */
  label: string | undefined;
}

/** When things happened, in the meter's time, for the charts. */
export interface Timeline {
  meter: MeterReport;
  /** What axes count from: the first switch, the first fault, or the meter's start where there was neither. */
  zeroMs: number;
  zeroName: 'the switch' | 'the fault' | 'the start of the measurement';
  marks: readonly Mark[];
  bands: readonly Band[];
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
    zeroName: first ? 'the switch' : 'the start of the measurement',
    marks,
    bands: bakeOf(record, cutover, meter),
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

function bakeOf(record: ReleaseRecord, cutover: CutoverEvidence, meter: MeterReport): readonly Band[] {
  const bake = cutover.steps.find(
    (step) => step.step === 'bake' && ['done', 'failed', 'cancelled'].includes(step.outcome),
  );
  if (bake === undefined) return [];
  const start =
    cutover.startedAt ??
    Date.parse(record.stages.find((stage) => stage.name === 'cutover')?.startedAt ?? record.startedAt);
  const from = start + bake.atMs;
  return bandOf(meter, { kind: 'bake', label: 'bake', from, to: from + bake.durationMs });
}

/** @param about times in milliseconds since 1970 */
function bandOf(
  meter: MeterReport,
  about: Pick<Band, 'kind' | 'label'> & { from: number; to: number },
): readonly Band[] {
  const fromMs = Math.max(0, about.from - meter.startedAt);
  const toMs = Math.min(meter.durationMs, about.to - meter.startedAt);
  return toMs > fromMs ? [{ kind: about.kind, label: about.label, fromMs, toMs }] : [];
}

/** An experiment in its meter's time: each fault as a band, the moment from which it was stable again as a mark. */
export function timelineOfExperiment(experiment: ExperimentRecord): Timeline | undefined {
  const { meter, faults } = experiment;
  if (meter === undefined || meter.windows.length === 0) return undefined;
  const injected = faults.flatMap(({ injectedAt }) => injectedAt ?? []);
  const first = injected.length === 0 ? undefined : Math.min(...injected);
  const end = meter.startedAt + meter.durationMs;
  return {
    meter,
    zeroMs: first === undefined ? 0 : first - meter.startedAt,
    zeroName: first === undefined ? 'the start of the measurement' : 'the fault',
    marks: first === undefined ? [] : experimentMarks(experiment, meter, first - meter.startedAt),
    bands: faults.flatMap(({ injectedAt: from, revertedAt: to = end }) =>
      from === undefined ? [] : bandOf(meter, { kind: 'fault', label: undefined, from, to }),
    ),
    gap: gapOf(meter),
    names: { blue: 'blue', green: 'green' },
  };
}

function experimentMarks(
  { recovery, abortedAfterMs, faults }: ExperimentRecord,
  { durationMs, startedAt }: MeterReport,
  zeroMs: number,
): readonly Mark[] {
  const marks: Mark[] = faults.flatMap(({ kind, injectedAt }) =>
    injectedAt === undefined ? [] : [{ kind: 'fault', atMs: injectedAt - startedAt, label: kind }],
  );
  const reverted = faults.flatMap(({ revertedAt }) => revertedAt ?? []);
  if (abortedAfterMs !== undefined && reverted.length > 0) {
    marks.push({ kind: 'breach', atMs: Math.min(...reverted) - startedAt, label: 'aborted' });
  }
  if (recovery?.detectMs !== undefined && recovery.stableMs !== undefined) {
    const atMs = zeroMs + recovery.detectMs + recovery.stableMs;
    marks.push({ kind: 'recovered', atMs, label: 'stable again' });
  }
  return marks.filter((mark) => mark.atMs >= 0 && mark.atMs <= durationMs).sort((a, b) => a.atMs - b.atMs);
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
export function momentOf({ zeroMs, zeroName }: Timeline, atMs: number): string {
  const offset = atMs - zeroMs;
  return `${duration(Math.abs(offset))} ${offset < 0 ? 'before' : 'after'} ${zeroName}`;
}

import { Counter } from './counter.ts';
import { LatencyHistogram, round } from './histogram.ts';
import { type FailureKind, failureKinds, type MeterReport, type MeterSection } from './report.ts';

export interface Failure {
  /** Milliseconds since the meter's start at which the failure was known. */
  atMs: number;
  kind: FailureKind;
  detail: string;
}

/** One section while it is being counted. */
export interface Section {
  name: string;
  startMs: number;
  endMs: number | undefined;
  sent: number;
  answered: number;
  failed: number;
  unreachable: number;
  longestGapMs: number;
  readonly byColor: Counter;
  readonly latency: LatencyHistogram;
}

/** Totals of a report: all but the windows and what the plan says. */
export type Totals = Omit<MeterReport, 'mode' | 'rate' | 'startedAt' | 'windowMs' | 'windows'>;

/** Examples of failures kept for a person to read. */
const mostExamples = 10;

/** All counts of a meter, given the times of what happened; it reads no clock. Times are milliseconds since the start. */
export class Tally {
  readonly #lateAfterMs: number;
  readonly #sections: Section[] = [newSection('start', 0)];
  readonly #failures = Object.fromEntries(failureKinds.map((kind) => [kind, 0])) as Record<
    FailureKind,
    number
  >;
  readonly #examples: Failure[] = [];
  readonly #byVersion = new Counter();
  readonly #sendError = new LatencyHistogram();
  #lateSends = 0;
  #longestGap = { ms: 0, atMs: 0 };
  #lastSuccessMs = 0;
  #lastFailureMs = 0;
  #endMs: number | undefined;

  constructor(lateAfterMs: number) {
    this.#lateAfterMs = lateAfterMs;
  }

  /** The section that requests which are due now belong to. */
  get section(): Section {
    return this.#sections.at(-1) as Section;
  }

  mark(name: string, nowMs: number): void {
    const { section } = this;
    section.endMs = nowMs;
    if (this.#sections.length === 1 && section.sent === 0) this.#sections.pop();
    this.#sections.push(newSection(name, nowMs));
  }

  /** @param lateMs how long after its intended time the request left */
  sent(section: Section, lateMs: number): void {
    section.sent += 1;
    this.#sendError.record(lateMs);
    if (lateMs > this.#lateAfterMs) this.#lateSends += 1;
  }

  answered(section: Section, at: { nowMs: number; latencyMs: number; color: string; version: string }): void {
    section.answered += 1;
    section.latency.record(at.latencyMs);
    section.byColor.add(at.color);
    this.#byVersion.add(at.version);
    this.#gap(at.nowMs);
    this.#lastSuccessMs = at.nowMs;
  }

  failed(section: Section, failure: Failure): void {
    section.failed += 1;
    if (failure.kind === 'unreachable') section.unreachable += 1;
    this.#failures[failure.kind] += 1;
    this.#lastFailureMs = failure.atMs;
    if (this.#examples.length < mostExamples) this.#examples.push(failure);
  }

  /** No request is due after this. */
  end(nowMs: number): void {
    this.#endMs ??= nowMs;
    this.section.endMs ??= nowMs;
  }

  sections(nowMs: number): MeterSection[] {
    this.#gapUntil(nowMs);
    return this.#sections.map((one) => sectionReport(one, this.#endMs ?? nowMs));
  }

  totals(nowMs: number): Totals {
    const sections = this.sections(nowMs);
    const [byColor, latency] = [new Counter(), new LatencyHistogram()];
    for (const one of this.#sections) {
      byColor.addAll(one.byColor.toRecord());
      latency.add(one.latency);
    }
    const sum = (key: 'sent' | 'answered' | 'failed'): number =>
      sections.reduce((total, one) => total + one[key], 0);
    return {
      durationMs: round(this.#endMs ?? nowMs),
      sent: sum('sent'),
      answered: sum('answered'),
      failed: sum('failed'),
      failures: { ...this.#failures },
      examples: [...this.#examples],
      byColor: byColor.toRecord(),
      byVersion: this.#byVersion.toRecord(),
      latency: latency.percentiles(),
      longestGapMs: round(this.#longestGap.ms),
      longestGapAtMs: round(this.#longestGap.atMs),
      lateSends: this.#lateSends,
      sendErrorUs: this.#sendErrorUs(),
      sections,
    };
  }

  /** The gap at the end of the run: until the sending ended, or until the last failure of what was in flight then. */
  #gapUntil(nowMs: number): void {
    this.#gap(this.#endMs === undefined ? nowMs : Math.max(this.#endMs, this.#lastFailureMs));
  }

  /** A gap that spans a mark counts in full in each section that it touches. */
  #gap(nowMs: number): void {
    const gap = nowMs - this.#lastSuccessMs;
    if (gap > this.#longestGap.ms) this.#longestGap = { ms: gap, atMs: this.#lastSuccessMs };
    for (let i = this.#sections.length - 1; i >= 0; i -= 1) {
      const section = this.#sections[i];
      if (!section || (section.endMs !== undefined && section.endMs < this.#lastSuccessMs)) return;
      if (gap > section.longestGapMs) section.longestGapMs = gap;
    }
  }

  #sendErrorUs(): MeterReport['sendErrorUs'] {
    const error = this.#sendError.percentiles();
    const us = (ms: number): number => Math.round(ms * 1_000);
    return error && { p50: us(error.p50), p99: us(error.p99), max: us(error.max) };
  }
}

function newSection(name: string, startMs: number): Section {
  return {
    name,
    startMs,
    endMs: undefined,
    sent: 0,
    answered: 0,
    failed: 0,
    unreachable: 0,
    longestGapMs: 0,
    byColor: new Counter(),
    latency: new LatencyHistogram(),
  };
}

function sectionReport(section: Section, nowMs: number): MeterSection {
  return {
    name: section.name,
    startMs: round(section.startMs),
    durationMs: round((section.endMs ?? nowMs) - section.startMs),
    sent: section.sent,
    answered: section.answered,
    failed: section.failed,
    ...(section.unreachable > 0 ? { unreachable: section.unreachable } : {}),
    byColor: section.byColor.toRecord(),
    latency: section.latency.percentiles(),
    longestGapMs: round(section.longestGapMs),
  };
}

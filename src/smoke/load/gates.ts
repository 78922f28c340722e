import type { Comparison } from '../../config/model.ts';
import { holds } from '../../config/values/comparison.ts';
import { formatPercentage } from '../../config/values/percentage.ts';
import { count } from '../../report/format.ts';
import type { GateRecord } from '../../report/record.ts';
import type { MeterReport, MeterSection, Percentiles } from '../../traffic/report.ts';

/** What the part of a load after its ramp came to. */
export interface Measured {
  latency: Percentiles | undefined;
  answered: number;
  /** Without those that never left this machine. */
  failed: number;
  unreachable: number;
  durationMs: number;
  /** Sends that were late by the meter's own fault, 0 to 1. */
  lateShare: number;
}

/** Thresholds, as the file gives them. */
export interface Thresholds {
  p50: Comparison | undefined;
  p90: Comparison | undefined;
  p99: Comparison | undefined;
  'p99.9': Comparison | undefined;
  max: Comparison | undefined;
  errorRate: Comparison;
  throughput: Comparison | undefined;
}

/** A gate, and what it means for the release when it fails. */
export interface LoadGate extends GateRecord {
  verdict: 'passed' | 'failed' | 'inconclusive';
  about: 'errors' | 'speed';
}

/** The section that counts: what came while the rate still grew is left out. */
export function measuredIn(report: MeterReport): Measured {
  const section: Pick<MeterSection, 'latency' | 'answered' | 'failed' | 'durationMs' | 'unreachable'> =
    report.sections.find(({ name }) => name === 'steady') ?? {
      ...report,
      unreachable: report.failures.unreachable,
    };
  const { latency, answered, failed, durationMs, unreachable = 0 } = section;
  const lateShare = report.sent === 0 ? 0 : report.lateSends / report.sent;
  return { latency, answered, failed: failed - unreachable, unreachable, durationMs, lateShare };
}

/** Purely: every threshold with what was measured. */
export function loadGates(measured: Measured, limits: Thresholds): LoadGate[] {
  const times = [
    ['p50', limits.p50, measured.latency?.p50],
    ['p90', limits.p90, measured.latency?.p90],
    ['p99', limits.p99, measured.latency?.p99],
    ['p99.9', limits['p99.9'], measured.latency?.p999],
    ['max', limits.max, measured.latency?.max],
  ] as const;
  return [
    errorGate(measured, limits.errorRate),
    ...times.flatMap(([name, limit, ms]) => (limit ? [latencyGate({ name, limit, ms }, measured)] : [])),
    ...(limits.throughput ? [throughputGate(measured, limits.throughput)] : []),
  ];
}

function errorGate({ answered, failed, unreachable }: Measured, limit: Comparison): LoadGate {
  const settled = answered + failed;
  const never = unreachable === 0 ? '' : `, ${count(unreachable)} never left this machine`;
  const gate = { name: 'error rate', limit: limit.text, about: 'errors' } as const;
  if (settled === 0) return { ...gate, measured: `no requests${never}`, verdict: 'inconclusive' };
  const share = failed / settled;
  const measured = `${formatPercentage(share)} (${count(failed)} of ${count(settled)}${never})`;
  if (!holds(limit, share)) return { ...gate, measured, verdict: 'failed' };
  return { ...gate, measured, verdict: unreachable === 0 ? 'passed' : 'inconclusive' };
}

function latencyGate(
  { name, limit, ms }: { name: string; limit: Comparison; ms: number | undefined },
  { latency, lateShare }: Measured,
): LoadGate {
  const gate = { name, limit: limit.text, about: 'speed' } as const;
  if (ms === undefined || latency === undefined)
    return { ...gate, measured: 'no answers', verdict: 'inconclusive' };
  const measured = `${round(ms)} ms`;
  // Latency counts from the intended time, so a late send only adds to it: one within the limit stands.
  if (holds(limit, ms)) return { ...gate, measured, verdict: 'passed' };
  if (!mayBeLateness(latency, lateShare, limit.value)) return { ...gate, measured, verdict: 'failed' };
  const late = `${measured}, but ${formatPercentage(lateShare)} of the sends were late`;
  return { ...gate, measured: late, verdict: 'inconclusive' };
}

/** Whether the meter's own late sends are as many as the requests that were too slow: then nobody can tell them apart. */
export function mayBeLateness(latency: Percentiles, lateShare: number, limitMs: number): boolean {
  const shares = [
    [latency.p50, 0.5],
    [latency.p90, 0.1],
    [latency.p99, 0.01],
    [latency.p999, 0.001],
  ] as const;
  const slowShare = shares.find(([ms]) => ms >= limitMs)?.[1] ?? 0;
  return lateShare > 0 && lateShare >= slowShare;
}

/** From here on, the meter may have sent too little. */
const mostLate = 0.1;

function throughputGate({ answered, durationMs, lateShare }: Measured, limit: Comparison): LoadGate {
  const gate = { name: 'throughput', limit: limit.text, about: 'speed' } as const;
  const perSecond = (answered * 1_000) / durationMs;
  const measured = `${round(perSecond)}/s`;
  if (holds(limit, perSecond)) return { ...gate, measured, verdict: 'passed' };
  return { ...gate, measured, verdict: lateShare > mostLate ? 'inconclusive' : 'failed' };
}

const round = (value: number): number => Math.round(value * 100) / 100;

import type { Comparison } from '../config/model.ts';
import type { ThroughputBound } from '../config/schema/bounds.ts';
import { holds } from '../config/values/comparison.ts';
import type { Verdict } from '../platform/verdict.ts';
import { count, duration, percent } from '../report/format.ts';
import type { LedgerRecord } from '../report/proof.ts';
import type { GateRecord } from '../report/record.ts';
import { errorRate, explainedByLateness } from '../traffic/gates.ts';
import type { MeterSection, Percentiles } from '../traffic/report.ts';
import type { Recovery } from './recovery.ts';
import type { Experiment } from './schema.ts';

/** What an experiment measured, in the units of its gates. */
export interface Seen {
  before: MeterSection | undefined;
  /** While the fault lasted. */
  during: MeterSection | undefined;
  /** Share of the sends that the meter itself made late while the fault lasted, 0..1. */
  lateShare: number;
  recovery: Recovery | undefined;
  /** How long recovery was waited for. */
  waitedMs: number;
  ledger: LedgerRecord | undefined;
}

type Rules = Pick<Experiment, 'expect' | 'noData'>;

/** Judges purely: one gate for each key of `expect`, and one for a ledger that could not be read back. */
export function judge(seen: Seen, rules: Rules): readonly GateRecord[] {
  const { expect } = rules;
  return [
    ...latencyGates(seen, rules),
    ...(expect.errorRate ? [errorGate(seen, rules, expect.errorRate)] : []),
    ...(expect.throughput ? [throughputGate(seen, rules, expect.throughput)] : []),
    ...(expect.recovery ? [recoveryGate(seen, rules, expect.recovery)] : []),
    ...ledgerGates(seen, rules),
  ];
}

const percentiles = { p50: 'p50', p90: 'p90', p99: 'p99', 'p99.9': 'p999' } as const;

function latencyGates({ during, lateShare }: Seen, rules: Rules): GateRecord[] {
  return (['p50', 'p90', 'p99', 'p99.9'] as const).flatMap((name): GateRecord[] => {
    const bound = rules.expect[name];
    if (!bound) return [];
    const latency = during?.latency;
    if (!latency) return [noData({ name, bound, measured: 'no answers' }, rules)];
    return [latencyGate({ name, bound, latency, value: latency[percentiles[name]], lateShare })];
  });
}

interface LatencyGate {
  name: string;
  bound: Comparison;
  latency: Percentiles;
  value: number;
  lateShare: number;
}

function latencyGate({ name, bound, latency, value, lateShare }: LatencyGate): GateRecord {
  const gate = { name, measured: duration(value), limit: bound.text };
  if (holds(bound, value)) return { ...gate, verdict: 'passed' };
  if (!explainedByLateness({ lateShare, latency, limitMs: bound.value }))
    return { ...gate, verdict: 'failed' };
  const measured = `${gate.measured}, but ${percent(lateShare)} of the sends were late`;
  return { ...gate, measured, verdict: 'inconclusive' };
}

function errorGate({ during }: Seen, rules: Rules, bound: Comparison): GateRecord {
  const name = 'error rate';
  const share = during && errorRate(during);
  if (share === undefined) return noData({ name, bound, measured: 'no requests' }, rules);
  return compared({ name, bound, measured: percent(share) }, share);
}

function throughputGate({ before, during }: Seen, rules: Rules, bound: ThroughputBound): GateRecord {
  const name = 'throughput';
  const [was, is] = [answersPerSecond(before), answersPerSecond(during)];
  if (is === undefined) return noData({ name, bound, measured: 'no requests' }, rules);
  const rate = `${count(is, 1)}/s`;
  if (bound.of === undefined) return compared({ name, bound, measured: rate }, is);
  if (!was) return noData({ name, bound, measured: `${rate}, and nothing was answered before` }, rules);
  return compared({ name, bound, measured: `${percent(is / was)} of before` }, is / was);
}

export function answersPerSecond(section: MeterSection | undefined): number | undefined {
  if (!section || section.durationMs <= 0 || section.answered + section.failed === 0) return undefined;
  return (section.answered * 1_000) / section.durationMs;
}

function recoveryGate({ recovery, waitedMs }: Seen, rules: Rules, bound: Comparison): GateRecord {
  const name = 'recovery';
  if (!recovery) return noData({ name, bound, measured: 'not measured' }, rules);
  const { judgedMs, detectMs } = recovery;
  if (judgedMs !== undefined) return compared({ name, bound, measured: duration(judgedMs) }, judgedMs);
  if (detectMs === undefined) return noData({ name, bound, measured: 'too few requests to tell' }, rules);
  return { name, measured: `not within ${duration(waitedMs)}`, limit: bound.text, verdict: 'failed' };
}

/** A ledger that could not be read back fails whatever else is allowed to be inconclusive. */
function ledgerGates({ ledger }: Seen, { expect }: Rules): GateRecord[] {
  if (!ledger) return [];
  if (ledger.verdict === 'inconclusive') {
    return [{ name: 'ledger', measured: ledger.detail, limit: 'can be verified', verdict: 'failed' }];
  }
  return (['lost', 'duplicated', 'reordered'] as const).flatMap((name) => {
    const bound = expect[name];
    return bound ? [compared({ name, bound, measured: count(ledger[name]) }, ledger[name])] : [];
  });
}

interface Gate {
  name: string;
  bound: Comparison;
  measured: string;
}

function compared({ name, bound, measured }: Gate, value: number): GateRecord {
  return { name, measured, limit: bound.text, verdict: holds(bound, value) ? 'passed' : 'failed' };
}

const noDataMeans: Readonly<Record<Experiment['noData'], Verdict>> = {
  fail: 'failed',
  inconclusive: 'inconclusive',
};

function noData({ name, bound, measured }: Gate, { noData }: Rules): GateRecord {
  return { name, measured, limit: bound.text, verdict: noDataMeans[noData] };
}

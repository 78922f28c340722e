import type { Slo } from '../config/model.ts';
import { count } from '../report/format.ts';
import type { GateRecord } from '../report/record.ts';
import { explainedByLateness, smallestSample } from '../traffic/gates.ts';
import type { Percentiles } from '../traffic/report.ts';

/** What the meter saw since the switch, in the units of the gates. */
export interface Observation {
  /** Requests that were answered or failed. */
  settled: number;
  failed: number;
  /** Requests that never left this machine, which are no failures of the release; not among the settled ones. */
  unreachable: number;
  /** Undefined when nothing was answered. */
  latency: Pick<Percentiles, 'p50' | 'p90' | 'p99'> | undefined;
  /** Share of sends that the meter itself made late, 0..1. */
  lateShare: number;
  /** Whether any request succeeded before the switch: without it, failures say nothing about the new colour. */
  baseline: 'answered' | 'unreachable' | 'not-measured';
}

export interface Limits {
  /** Failed requests that are tolerated. */
  failedRequests: number;
  slo: Slo;
}

type Moment = 'watching' | 'end';

/** Judges purely. While `watching`, only a breach matters; at the `end` every gate gets its verdict. */
export function judge(seen: Observation, limits: Limits, moment: Moment): readonly GateRecord[] {
  return [
    failedGate(seen, limits.failedRequests),
    ...(limits.slo.errorRate === undefined ? [] : [errorRateGate(seen, limits.slo.errorRate, moment)]),
    ...(limits.slo.p99 === undefined ? [] : [p99Gate(seen, limits.slo.p99, moment)]),
  ];
}

function failedGate(seen: Observation, most: number): GateRecord {
  const gate = {
    name: 'failed requests',
    measured: `${count(seen.failed)} of ${count(seen.settled)}${neverSent(seen)}`,
    limit: `≤ ${most}`,
  };
  if (seen.settled === 0) {
    return { ...gate, measured: `no requests${neverSent(seen)}`, verdict: 'inconclusive' };
  }
  if (seen.failed <= most) return { ...gate, verdict: seen.unreachable === 0 ? 'passed' : 'inconclusive' };
  if (seen.baseline === 'unreachable' && seen.failed === seen.settled) {
    return { ...gate, measured: 'unreachable from here, before and after', verdict: 'inconclusive' };
  }
  return { ...gate, verdict: 'failed' };
}

const neverSent = ({ unreachable }: Observation): string =>
  unreachable === 0 ? '' : `, ${count(unreachable)} never left this machine`;

function errorRateGate(seen: Observation, most: number, moment: Moment): GateRecord {
  const share = seen.settled === 0 ? 0 : seen.failed / seen.settled;
  const gate = {
    name: 'error rate',
    measured: seen.settled === 0 ? 'no requests' : percent(share),
    limit: `≤ ${percent(most)}`,
  };
  if (seen.settled === 0 || isUnreachable(seen)) return { ...gate, verdict: 'inconclusive' };
  const enough = moment === 'end' || seen.settled >= smallestSample;
  return { ...gate, verdict: share > most && enough ? 'failed' : 'passed' };
}

function p99Gate(seen: Observation, most: number, moment: Moment): GateRecord {
  const { latency } = seen;
  const gate = {
    name: 'p99',
    measured: latency === undefined ? 'no answers' : `${round(latency.p99)} ms`,
    limit: `≤ ${round(most)} ms`,
  };
  if (latency === undefined) return { ...gate, verdict: 'inconclusive' };
  // Latency counts from the intended time, so a late send only adds to it: a p99 within the limit stands.
  if (latency.p99 <= most) return { ...gate, verdict: 'passed' };
  if (explainedByLateness({ lateShare: seen.lateShare, latency, limitMs: most })) {
    const measured = `${gate.measured}, but ${percent(seen.lateShare)} of the sends were late`;
    return { ...gate, measured, verdict: 'inconclusive' };
  }
  const enough = moment === 'end' || seen.settled - seen.failed >= smallestSample;
  return { ...gate, verdict: enough ? 'failed' : 'passed' };
}

function isUnreachable(seen: Observation): boolean {
  return seen.baseline === 'unreachable' && seen.failed === seen.settled;
}

const round = (value: number): string => String(Math.round(value * 100) / 100);
const percent = (share: number): string => `${round(share * 100)} %`;

import type { Slo } from '../config/model.ts';
import type { Verdict } from '../platform/verdict.ts';
import { worst } from '../platform/verdict.ts';
import { duration, percent, plural } from '../report/format.ts';
import type { CheckRecord } from '../report/proof.ts';
import { errorRate, explainedByLateness } from '../traffic/gates.ts';
import type { MeterSection } from '../traffic/report.ts';

/** Whether the service is as it should be. */
export interface Steadiness {
  verdict: Exclude<Verdict, 'cancelled'>;
  /** One sentence. */
  reason: string;
}

export interface SteadyInput {
  section: MeterSection | undefined;
  /** Share of its sends that the meter itself made late, 0..1. */
  lateShare: number;
  slo: Slo;
  checks: readonly CheckRecord[];
}

/** Judges purely. Without `slo.error-rate` no request may fail: what fails before the fault cannot be told from what it breaks. */
export function judgeSteady(input: SteadyInput): Steadiness {
  const parts = [...input.checks.map(ofCheck), ofErrors(input), ofLatency(input)];
  const verdict = worst(parts.map((part) => part.verdict));
  const reason = parts.find((part) => part.verdict === verdict)?.reason ?? '';
  if (verdict !== 'passed') return { verdict: verdict === 'cancelled' ? 'inconclusive' : verdict, reason };
  const { section, checks } = input;
  return {
    verdict,
    reason: `${plural(checks.length, 'check')} and ${plural(section?.answered ?? 0, 'request')} as they should be`,
  };
}

type Part = { verdict: Verdict; reason: string };

const ofCheck = ({ name, verdict, detail }: CheckRecord): Part => ({
  verdict,
  reason: `check ${name}: ${detail}`,
});

function ofErrors({ section, slo }: SteadyInput): Part {
  const share = section && errorRate(section);
  if (section === undefined || share === undefined)
    return { verdict: 'inconclusive', reason: 'no request was settled' };
  const most = slo.errorRate ?? 0;
  const reason = `${percent(share)} of ${plural(section.answered + section.failed, 'request')} failed, ${percent(most)} may`;
  return { verdict: share <= most ? 'passed' : 'failed', reason };
}

function ofLatency({ section, slo, lateShare }: SteadyInput): Part {
  const latency = section?.latency;
  if (slo.p99 === undefined || !latency || latency.p99 <= slo.p99) return { verdict: 'passed', reason: '' };
  const reason = `p99 ${duration(latency.p99)}, ${duration(slo.p99)} is promised`;
  const isOurs = explainedByLateness({ lateShare, latency, limitMs: slo.p99 });
  if (!isOurs) return { verdict: 'failed', reason };
  return { verdict: 'inconclusive', reason: `${reason}, but ${percent(lateShare)} of the sends were late` };
}

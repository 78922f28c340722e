import { count, duration, percent, plural } from './format.ts';
import type {
  ChaosEvidence,
  CheckRecord,
  ExperimentRecord,
  LedgerRecord,
  RecoveryRecord,
  SmokeEvidence,
} from './proof.ts';

/** What was wrong, in words. */
export const findingWord: Readonly<Record<NonNullable<CheckRecord['finding']>, string>> = {
  'unreachable-from-here': 'unreachable from here',
  'wrong-version': 'wrong version',
  unhealthy: 'unhealthy',
  slow: 'slow',
  'flaky-recovered': 'passed, but not at once',
  skipped: 'skipped',
};

/** `7 of 7 checks passed on live`; `1 of 7 checks failed on standby: ticks` */
export function smokeSentence({ aim, checks }: SmokeEvidence): string {
  const bad = checks.filter(({ verdict }) => verdict !== 'passed');
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  if (checks.length === 0) return `no check was made on ${aim}`;
  if (bad.length === 0)
    return `${count(checks.length)} of ${plural(checks.length, 'check')} passed on ${aim}`;
  const [what, names] = failed.length > 0 ? ['failed', failed] : ['could not tell', bad];
  return `${count(names.length)} of ${plural(checks.length, 'check')} ${what} on ${aim}: ${namesOf(names)}`;
}

/** `2 of 2 experiments passed`; `1 of 2 experiments failed: kill one gateway` */
export function chaosSentence({ experiments }: ChaosEvidence): string {
  const bad = experiments.filter(({ verdict }) => verdict !== 'passed');
  const failed = experiments.filter(({ verdict }) => verdict === 'failed');
  const all = plural(experiments.length, 'experiment');
  if (experiments.length === 0) return 'no experiment was made';
  if (bad.length === 0) return `${count(experiments.length)} of ${all} passed`;
  const [what, names] = failed.length > 0 ? ['failed', failed] : ['could not tell', bad];
  return `${count(names.length)} of ${all} ${what}: ${namesOf(names)}`;
}

function namesOf(list: readonly { name: string }[]): string {
  const names = list.slice(0, 3).map(({ name }) => name);
  return list.length > 3 ? `${names.join(', ')} and ${list.length - 3} more` : names.join(', ');
}

/** `seen after 120 ms, stable again 840 ms later`; what was not seen is said. */
export function recoveryText(recovery: RecoveryRecord | undefined): string {
  if (recovery === undefined) return 'not measured';
  const { detectMs, stableMs } = recovery;
  if (detectMs === undefined) return 'nothing to recover from: no window was bad';
  if (stableMs === undefined) return `bad after ${duration(detectMs)}, not stable again`;
  return `bad after ${duration(detectMs)}, stable again ${duration(stableMs)} later`;
}

export function ledgerText({
  acknowledged,
  lost,
  duplicated,
  reordered,
  unknown,
  verdict,
  detail,
}: LedgerRecord): string {
  if (verdict === 'inconclusive') return detail;
  const counts = `${count(lost)} lost, ${count(duplicated)} twice, ${count(reordered)} out of order`;
  return `${counts} of ${plural(acknowledged, 'acknowledged write')}${unknown > 0 ? `, ${count(unknown)} never acknowledged` : ''}`;
}

/** What the meter saw while the fault lasted: `p99 148 ms, 0 % failed`. */
export function duringText({ meter }: ExperimentRecord): string {
  const during = meter?.sections.find(({ name }) => name === 'fault');
  if (during === undefined || during.sent === 0) return 'not measured';
  const p99 = during.latency === undefined ? 'nothing answered' : `p99 ${duration(during.latency.p99)}`;
  return `${p99}, ${percent(during.failed / during.sent)} failed`;
}

/** `kill of gateway/green-1` for each fault. */
export function faultsText({ faults }: ExperimentRecord): string {
  if (faults.length === 0) return 'none was injected';
  return faults
    .map(({ kind, component, color, targets }) => {
      const whom =
        targets.length === 0 || targets.length > 3 ? `${color} of ${component}` : targets.join(', ');
      return `${kind} of ${whom}`;
    })
    .join('; ');
}

import { largestOf } from '../report/format.ts';
import type { ChaosEvidence, CheckRecord } from '../report/proof.ts';
import type { ReleaseRecord } from '../report/record.ts';
import type { ReportPaths } from './contract.ts';

/** The outputs of a run by name. A figure that was not measured is an empty string, never 0. */
export function outputsOf(record: ReleaseRecord, paths: ReportPaths | undefined): Record<string, string> {
  const { cutover, chaos, smoke } = record;
  const files = { record: paths?.record ?? '', report: paths?.report ?? '' };
  if (cutover === undefined && chaos) {
    return {
      verdict: record.verdict,
      ...chaosOutputs(chaos),
      ...files,
      junit: paths?.junit ?? '',
      journal: '',
    };
  }
  if (cutover === undefined && smoke) {
    const checks = smoke.flatMap((run) => run.checks);
    return { verdict: record.verdict, ...smokeOutputs(checks), ...files, junit: paths?.junit ?? '' };
  }
  return { verdict: record.verdict, ...cutoverOutputs(record), ...files };
}

function cutoverOutputs({ cutover }: ReleaseRecord): Record<string, string> {
  const meter = cutover?.meter;
  const live = Object.values(cutover?.live ?? {});
  return {
    result: cutover?.result ?? '',
    'live-color': same(live.map(({ color }) => color)),
    version: same(live.map(({ version }) => version)),
    requests: text(meter?.sent),
    failed: text(meter?.failed),
    'longest-gap-ms': text(meter?.longestGapMs),
    'switch-ms': text(cutover?.switchMs),
    'p99-ms': text(meter?.latency?.p99),
    'residual-old': cutover && cutover.switches.length > 0 ? String(cutover.residualOld) : '',
  };
}

function smokeOutputs(checks: readonly CheckRecord[]): Record<string, string> {
  const number = (fits: (check: CheckRecord) => boolean): string => String(checks.filter(fits).length);
  return {
    checks: String(checks.length),
    passed: number(({ verdict }) => verdict === 'passed'),
    failed: number(({ verdict }) => verdict === 'failed'),
    inconclusive: number(({ verdict }) => verdict === 'inconclusive'),
    flaky: number(({ finding }) => finding === 'flaky-recovered'),
  };
}

/** The worst of all experiments. */
function chaosOutputs({ seed, experiments }: ChaosEvidence): Record<string, string> {
  const recoveries = experiments.map(({ recovery }) => recovery?.stableMs);
  const during = experiments.map(
    ({ meter }) => meter?.sections.find(({ name }) => name === 'fault')?.latency?.p99,
  );
  const ledgers = experiments.flatMap(({ ledger }) => ledger ?? []).filter(isVerified);
  const sum = (of: (one: (typeof ledgers)[number]) => number): string =>
    ledgers.length === 0 ? '' : String(ledgers.reduce((total, one) => total + of(one), 0));
  return {
    'recovery-ms': text(largestOf(recoveries.filter((ms) => ms !== undefined))),
    'p99-ms': text(largestOf(during.filter((ms) => ms !== undefined))),
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
    faults: JSON.stringify(experiments.flatMap(({ faults }) => faults)),
    seed,
  };
}

/** What could not be read back has counted nothing. */
const isVerified = ({ verdict, found, lost }: { verdict: string; found: number; lost: number }): boolean =>
  verdict === 'passed' || found > 0 || lost > 0;

/** The value that all components share, or `mixed`, or empty where there is none. */
function same(values: readonly (string | undefined)[]): string {
  const distinct = [...new Set(values.filter((value) => value !== undefined))];
  return distinct.length > 1 ? 'mixed' : (distinct[0] ?? '');
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value * 100) / 100);
}

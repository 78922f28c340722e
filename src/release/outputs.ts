import type { ReleaseRecord } from '../report/record.ts';
import type { ReportPaths } from './contract.ts';

/** The outputs of a run by name. A figure that was not measured is an empty string, never 0. */
export function outputsOf(record: ReleaseRecord, paths: ReportPaths | undefined): Record<string, string> {
  const { cutover } = record;
  const meter = cutover?.meter;
  const live = Object.values(cutover?.live ?? {});
  return {
    verdict: record.verdict,
    result: cutover?.result ?? '',
    'live-color': same(live.map(({ color }) => color)),
    version: same(live.map(({ version }) => version)),
    requests: text(meter?.sent),
    failed: text(meter?.failed),
    'longest-gap-ms': text(meter?.longestGapMs),
    'switch-ms': text(cutover?.switchMs),
    'p99-ms': text(meter?.latency?.p99),
    'residual-old': cutover && cutover.switches.length > 0 ? String(cutover.residualOld) : '',
    record: paths?.record ?? '',
    report: paths?.report ?? '',
  };
}

/** The value that all components share, or `mixed`, or empty where there is none. */
function same(values: readonly (string | undefined)[]): string {
  const distinct = [...new Set(values.filter((value) => value !== undefined))];
  return distinct.length > 1 ? 'mixed' : (distinct[0] ?? '');
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value * 100) / 100);
}

import { type Verdict, worst } from '../platform/verdict.ts';
import type { CheckRecord } from '../report/proof.ts';
import type { Tried } from './attempts.ts';
import type { CheckFinding } from './check.ts';

/** Which verdict each finding is: what cannot be reached says nothing about the release. */
export const verdictOf: Readonly<Record<CheckFinding, Verdict>> = {
  'unreachable-from-here': 'inconclusive',
  'wrong-version': 'failed',
  unhealthy: 'failed',
  slow: 'failed',
};

/** What a run says of one check, beside its name and when it was. */
export type Found = Omit<CheckRecord, 'name' | 'kind' | 'component' | 'atMs'>;

/** @param wrongVersion what the version check of the component saw, where it was not the right one */
export function found(tried: Tried, wrongVersion: string | undefined): Found {
  const { last, attempts, durationMs } = tried;
  const common = { attempts, durationMs, ...loadOf(tried) };
  if (!last.ok) {
    const { finding, detail, next } = last;
    return {
      ...common,
      verdict: verdictOf[finding],
      finding,
      detail,
      ...(next === undefined ? {} : { next }),
    };
  }
  if (wrongVersion !== undefined) {
    const detail = `${last.detail}, but of the wrong release: ${wrongVersion}`;
    return { ...common, verdict: 'failed', finding: 'wrong-version', detail };
  }
  if (tried.first === undefined) return { ...common, verdict: 'passed', detail: last.detail };
  const detail = `${last.detail} at attempt ${attempts}; the first: ${tried.first.detail}`;
  return { ...common, verdict: 'passed', finding: 'flaky-recovered', detail };
}

function loadOf({ last: { load } }: Tried): Pick<CheckRecord, 'gates' | 'meter'> {
  return load ? { gates: load.gates, meter: load.report } : {};
}

/** A check that was not run. */
export function skipped(verdict: 'inconclusive' | 'cancelled', detail: string): Found {
  return { verdict, finding: 'skipped', detail, attempts: 0, durationMs: 0 };
}

export function verdictOfAll(checks: readonly CheckRecord[]): Verdict {
  return worst(checks.map(({ verdict }) => verdict));
}

/** Why a run ended as it did, in one sentence. */
export function reasonOf(checks: readonly CheckRecord[]): string {
  const verdict = verdictOfAll(checks);
  const those = checks.filter((check) => check.verdict === verdict);
  const some = `${those.length} of ${plural(checks.length)}`;
  switch (verdict) {
    case 'cancelled':
      return `cancelled: ${some} had not ended`;
    case 'failed':
      return `${some} failed: ${first(those)}`;
    case 'inconclusive':
      return checks.length === 0
        ? 'there were no checks, so nothing was shown'
        : `${some} could not tell: ${first(those)}`;
    case 'passed':
      return `${plural(checks.length)} passed${flaky(checks)}`;
  }
}

/** The first that is wrong by itself, not for want of another. */
function first(those: readonly CheckRecord[]): string {
  const one = those.find(({ finding }) => finding !== 'skipped') ?? those[0];
  return `${one?.name} (${one?.finding}: ${one?.detail})`;
}

function flaky(checks: readonly CheckRecord[]): string {
  const count = checks.filter(({ finding }) => finding === 'flaky-recovered').length;
  return count === 0 ? '' : `, ${count} of them not at the first attempt`;
}

const plural = (count: number): string => (count === 1 ? '1 check' : `${count} checks`);

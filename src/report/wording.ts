import type { Verdict } from '../platform/verdict.ts';
import type { MeterReport } from '../traffic/report.ts';
import { count, duration, notMeasured, versionName } from './format.ts';
import { chaosSentence, smokeSentence } from './proof-wording.ts';
import type { CutoverEvidence, CutoverResult, Finding, ReleaseRecord, StepRecord } from './record.ts';

export const verdictWord: Readonly<Record<Verdict, string>> = {
  passed: 'passed',
  failed: 'failed',
  inconclusive: 'inconclusive',
  cancelled: 'cancelled',
};

/** A sign beside the word, so that colour alone never carries the meaning. */
export const verdictSign: Readonly<Record<Verdict, string>> = {
  passed: '✓',
  failed: '✗',
  inconclusive: '?',
  cancelled: '■',
};

export const resultWord: Readonly<Record<CutoverResult, string>> = {
  'cut-over': 'live',
  'rolled-back': 'rolled back',
  unchanged: 'nothing changed',
  ready: 'ready, not live',
  refused: 'refused',
};

export const outcomeWord: Readonly<Record<StepRecord['outcome'], string>> = {
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
  planned: 'planned',
};

export const outcomeSign: Readonly<Record<StepRecord['outcome'], string>> = {
  done: '✓',
  failed: '✗',
  skipped: '–',
  cancelled: '■',
  planned: '○',
};

export const levelWord: Readonly<Record<Finding['level'], string>> = {
  error: 'error',
  warning: 'warning',
  notice: 'notice',
};

/** The verdict on a release that never came to a cutover. */
const releaseSentence: Readonly<Record<Verdict, (version: string) => string>> = {
  passed: (version) => `${version} passed every stage that ran`,
  failed: (version) => `${version} failed before anything was switched`,
  inconclusive: (version) => `${version} could not be judged`,
  cancelled: (version) => `${version} was cancelled before anything was switched`,
};

const cutoverSentence: Readonly<Record<CutoverResult, (facts: Sentence) => string>> = {
  'cut-over': ({ version, mode, live }) =>
    mode === 'rollback'
      ? `Rolled back by hand: ${live ?? 'the former version'} is live`
      : `${version} is live`,
  'rolled-back': ({ version, live, back }) =>
    `${version} was rolled back: ${live ?? 'the former version'} is live again${back}`,
  unchanged: ({ live }) =>
    live ? `Nothing changed: ${live} is still live` : 'Nothing changed: nothing is live',
  ready: ({ version, mode }) =>
    mode === 'plan' ? `Plan for ${version}: nothing was written` : `${version} is ready on standby, not live`,
  refused: ({ version, live }) =>
    live ? `${version} was refused: ${live} stays live` : `${version} was refused: nothing was written`,
};

interface Sentence {
  version: string;
  mode: CutoverEvidence['mode'];
  live: string | undefined;
  /** ` 96 ms after the breach`, or nothing. */
  back: string;
}

/** `v2`, or `v2 (gateway) and v1 (risk)` where components differ; undefined when nothing is live. */
export function liveVersions(cutover: CutoverEvidence): string | undefined {
  const known = Object.entries(cutover.live).filter(([, state]) => state.version !== undefined);
  const versions = [...new Set(known.map(([, state]) => versionName(state.version ?? '')))];
  if (versions.length <= 1) return versions[0];
  if (versions.length > 3) return `a mix of ${versions.length} versions`;
  return versions.join(' and ');
}

/** Whether requests should have been measured, so that their absence is worth a word. */
const traffics: Readonly<Record<CutoverResult, 'switched' | 'not switched'>> = {
  'cut-over': 'switched',
  'rolled-back': 'switched',
  unchanged: 'not switched',
  ready: 'not switched',
  refused: 'not switched',
};

/** What the release came to, in a few words: `v2 is live`. */
export function outcomeSentence(record: ReleaseRecord): string {
  const { cutover } = record;
  const version = versionName(record.release.version);
  if (cutover === undefined) return proofSentence(record) ?? releaseSentence[record.verdict](version);
  const back = cutover.rollback
    ? ` ${duration(cutover.rollback.verifiedAfterMs)} after the breach was seen`
    : '';
  return cutoverSentence[cutover.result]({ version, mode: cutover.mode, live: liveVersions(cutover), back });
}

/** Of a run of checks or experiments alone. */
function proofSentence({ chaos, smoke }: ReleaseRecord): string | undefined {
  const sentences = [...(smoke ?? []).map(smokeSentence), ...(chaos ? [chaosSentence(chaos)] : [])];
  return sentences.length === 0 ? undefined : sentences.join('; ');
}

/** `0 of 18,032 requests failed, longest gap 4 ms, p99 4.1 ms`. */
export function measuredSentence(meter: MeterReport | undefined): string {
  if (meter === undefined || meter.sent === 0) return `requests were ${notMeasured}`;
  const failed = `${count(meter.failed)} of ${count(meter.sent)} requests failed`;
  const p99 = meter.latency ? `, p99 ${duration(meter.latency.p99)}` : ', none was answered';
  return `${failed}, longest gap ${duration(meter.longestGapMs)}${p99}`;
}

/** The verdict in plain words: `v2 is live: 0 of 18,032 requests failed, longest gap 4 ms, p99 4.1 ms`. */
export function headline(record: ReleaseRecord): string {
  const outcome = outcomeSentence(record);
  const { cutover } = record;
  const silent = cutover === undefined || (!cutover.meter && traffics[cutover.result] === 'not switched');
  const text = silent
    ? outcome
    : `${outcome}${outcome.includes(': ') ? '; ' : ': '}${measuredSentence(cutover.meter)}`;
  return text + caveat(record);
}

/** What the reader must not miss when the outcome alone sounds better than the verdict. */
function caveat(record: ReleaseRecord): string {
  if (record.cutover?.result !== 'cut-over' || record.verdict === 'passed') return '';
  return ` (verdict: ${verdictWord[record.verdict]})`;
}

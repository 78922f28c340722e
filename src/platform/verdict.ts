/** The outcome of a stage, gate or check. No data is never `passed`. */
export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'cancelled';

const severity: Record<Verdict, number> = { passed: 0, inconclusive: 1, failed: 2, cancelled: 3 };

/** The worst of several verdicts; `inconclusive` when there is none, because nothing was shown. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'inconclusive';
  return verdicts.reduce((a, b) => (severity[b] > severity[a] ? b : a));
}

import type { Platform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { CheckRecord, SmokeEvidence } from '../report/proof.ts';
import type { Meter, MeterPlan } from '../traffic/report.ts';
import type { Aim } from './check.ts';
import { reasonOf, verdictOfAll } from './findings.ts';
import { Runner } from './runner.ts';
import type { SmokeCheck } from './schema.ts';
import { versionChecks } from './version.ts';

export interface SmokeRequest {
  /** Of the release file; those for another aim are left out. */
  checks: readonly SmokeCheck[];
  aim: Aim;
  platform: Platform;
  startMeter: (plan: MeterPlan) => Promise<Meter>;
  /** Absolute folder of cutover.yml. */
  folder: string;
  /** Values that must not stand in any output (`ReleaseFile.secrets`). */
  secrets: readonly string[];
  /** Cancels the run: what has not ended yet is `cancelled`. */
  signal?: AbortSignal;
}

export interface SmokeOutcome {
  verdict: Verdict;
  evidence: SmokeEvidence;
}

/**
 * Runs the checks against one aim. The versions come first: the old release also answers 200, and nothing passes on
 * the wrong one. Resolves whatever is found, also when it is cancelled; rejects with bugs only.
 */
export async function runSmoke(request: SmokeRequest): Promise<SmokeOutcome> {
  const { aim, platform } = request;
  const [startedAt, startedMs] = [platform.clock.now(), platform.clock.monotonic()];
  const runner = new Runner(request);
  const versions = await runner.run(versionChecks(aim.versions));
  const checks = await runner.run(request.checks.filter((check) => isFor(check, aim)));
  const all: readonly CheckRecord[] = [...versions, ...checks];
  const verdict = verdictOfAll(all);
  const durationMs = platform.clock.monotonic() - startedMs;
  const reason = reasonOf(all);
  return { verdict, evidence: { aim: aim.label, startedAt, durationMs, verdict, reason, checks: all } };
}

/** An address is live for somebody. */
function isFor({ on }: SmokeCheck, { what }: Aim): boolean {
  return on === 'both' || on === (what === 'url' ? 'live' : what);
}

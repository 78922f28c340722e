import type { ReleaseFile } from '../config/model.ts';
import type { Platform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { CheckRecord, SmokeEvidence } from '../report/proof.ts';
import type { Aim } from '../smoke/check.ts';
import { withNeeded } from '../smoke/order.ts';
import { runSmoke } from '../smoke/run.ts';
import { checksOf, type SmokeCheck } from '../smoke/schema.ts';

/** The meter, loaded with its first use. */
export const startMeter = async (plan: Parameters<typeof import('../traffic/meter.ts').startMeter>[0]) =>
  (await import('../traffic/meter.ts')).startMeter(plan);

export interface ChecksRun {
  file: Pick<ReleaseFile, 'folder' | 'secrets'>;
  checks: readonly SmokeCheck[];
  aim: Aim;
  platform: Platform;
  signal: AbortSignal;
}

/** Runs checks of the stage smoke against one aim. */
export function checksAgainst(run: ChecksRun): Promise<{ verdict: Verdict; evidence: SmokeEvidence }> {
  const { file, ...rest } = run;
  return runSmoke({ ...rest, startMeter, folder: file.folder, secrets: file.secrets });
}

/** For the steady state of an experiment: the named checks, or all but those of kind load. */
export async function steadyChecks(
  run: Omit<ChecksRun, 'checks'> & { file: ReleaseFile; names: readonly string[] | undefined },
): Promise<readonly CheckRecord[]> {
  const { names, ...rest } = run;
  const all = checksOf(run.file);
  const checks = names ? withNeeded(all, names) : all.filter(({ kind }) => kind.kind !== 'load');
  return (await checksAgainst({ ...rest, checks })).evidence.checks;
}

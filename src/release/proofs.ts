import type { ReleaseFile } from '../config/model.ts';
import type { Proof, ProofRequest, Proofs, Prove } from '../cutover/proofs.ts';
import type { Platform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { ChaosEvidence, SmokeEvidence } from '../report/proof.ts';
import type { CutoverMode, Finding } from '../report/record.ts';
import type { ReleaseRef, Target } from '../targets/target.ts';
import type { Stages } from './stages.ts';

/** The stages that prove a release besides the cutover itself. */
export const provingStages = ['smoke', 'chaos'] as const;
export type ProvingStage = (typeof provingStages)[number];

export interface ProofContext {
  mode: CutoverMode;
  file: ReleaseFile;
  /** The release file as a release wants it. */
  fileFor(release: ReleaseRef): Promise<ReleaseFile>;
  environment: string;
  target: Target;
  platform: Platform;
  stages: Stages;
  /** Stages that are left out. */
  skip: readonly ProvingStage[];
  seed: string | undefined;
  holder: string;
}

/** What smoke and chaos came to, for the record. */
export interface ProofLog {
  smoke: SmokeEvidence[];
  chaos: ChaosEvidence | undefined;
}

/** Smoke and chaos as the cutover asks for them: only those that the file has something for. */
export function proofsFor(context: ProofContext): { proofs: Proofs; log: ProofLog } {
  const log: ProofLog = { smoke: [], chaos: undefined };
  const { file, skip } = context;
  const hasSmoke = file.smoke.length > 0 && !skip.includes('smoke');
  const hasChaos = file.chaos.length > 0 && !skip.includes('chaos');
  // What a rollback goes back to was proven when it went live; it is not broken on purpose while production waits.
  const isBack = context.mode === 'rollback';
  const smoke = (what: 'standby' | 'live'): readonly Prove[] =>
    hasSmoke ? [{ name: 'smoke', run: (request) => proveBySmoke(context, log, { request, what }) }] : [];
  const chaos: readonly Prove[] = hasChaos
    ? [{ name: 'chaos', run: (request) => proveByChaos(context, log, request) }]
    : [];
  const heal: Proofs['heal'] = (request) => endStaleFaults(context, request);
  const standby = isBack ? [] : [...smoke('standby'), ...chaos];
  return { proofs: { standby, live: smoke('live'), heal }, log };
}

async function proveBySmoke(
  { fileFor, target, platform, stages }: ProofContext,
  log: ProofLog,
  { request, what }: { request: ProofRequest; what: 'standby' | 'live' },
): Promise<Proof> {
  const { checksAgainst } = await import('./checks.ts');
  const { targetAim } = await import('../smoke/aim.ts');
  const { checksOf } = await import('../smoke/schema.ts');
  return stages.run<Proof>('smoke', async () => {
    const file = await fileFor(request.release);
    const { colors, signal } = request;
    const aim = await targetAim({ target, components: file.components, what, colors });
    const run = { file, checks: checksOf(file), aim, platform, signal };
    const { verdict, evidence } = await checksAgainst(run);
    log.smoke.push(evidence);
    return ended(verdict, { reason: evidence.reason, findings: [], on: what });
  });
}

/** Experiments that aim at the standby colour. Those that aim at production are for the chaos action alone. */
async function proveByChaos(context: ProofContext, log: ProofLog, request: ProofRequest): Promise<Proof> {
  const { fileFor, stages, platform } = context;
  const { runExperiments } = await import('./experiments.ts');
  const { experimentsOf } = await import('../chaos/schema.ts');
  return stages.run<Proof>('chaos', async () => {
    const file = await fileFor(request.release);
    const experiments = experimentsOf(file).filter(({ aim }) => aim === 'standby');
    if (experiments.length === 0) {
      platform.emit({ type: 'message', level: 'notice', text: 'no experiment aims at standby' });
      return ended('passed', { reason: 'no experiment aims at standby', findings: [], on: 'standby' });
    }
    const { verdict, evidence, findings } = await runExperiments({
      ...context,
      file,
      fileAt: async () => file,
      experiments,
      mode: 'run',
      colors: request.colors,
      token: request.token,
      signal: request.signal,
    });
    log.chaos = evidence;
    return ended(verdict, { reason: evidence.reason, findings, on: 'standby' });
  });
}

interface Told {
  reason: string;
  findings: readonly Finding[];
  on: 'standby' | 'live';
}

function ended(verdict: Verdict, { reason, findings, on }: Told) {
  const proof: Proof = { verdict: verdict === 'cancelled' ? 'inconclusive' : verdict, reason };
  return { verdict, summary: `on ${on}: ${reason}`, findings, value: proof };
}

/** What a dead run broke and could not mend. Without faults nothing of the stage is loaded. */
async function endStaleFaults(
  { target, platform, holder }: ProofContext,
  { token, signal }: Pick<ProofRequest, 'token' | 'signal'>,
): Promise<void> {
  const left = await target.journal.read('chaos');
  const active = (await target.faults?.active()) ?? [];
  if (left === undefined && active.length === 0) return;
  const { revertStale } = await import('../chaos/stale.ts');
  const ended = await revertStale({ target, clock: platform.clock, token, holder, signal });
  for (const { what, outcome } of ended) {
    platform.emit({
      type: 'message',
      level: 'notice',
      text: `a fault that was left is ended: ${what}, ${outcome}`,
    });
  }
}

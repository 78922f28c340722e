import { UserError } from '../platform/errors.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { GateRecord } from '../report/record.ts';
import type { Color, ReleaseRef } from '../targets/target.ts';
import type { Run } from './context.ts';
import type { Operation } from './operation.ts';
import { Breach } from './watch.ts';

/** What other stages showed. */
export interface Proof {
  verdict: Exclude<Verdict, 'cancelled'>;
  /** One sentence: what failed, or how much passed. */
  reason: string;
}

/** What is to be proven, and under which lease. */
export interface ProofRequest {
  release: ReleaseRef;
  /** The colour of each component that goes live, or has. */
  colors: Readonly<Record<string, Color>>;
  token: number;
  signal: AbortSignal;
}

/** One thing that has to be shown of a release, by a stage that the cutover does not know: smoke, chaos. */
export interface Prove {
  /** `smoke`, `chaos`: the name of the step. */
  name: string;
  run(request: ProofRequest): Promise<Proof>;
}

/** What has to be shown besides health and version; in this order, each only if the one before it passed. */
export interface Proofs {
  /** Before the release takes traffic. */
  standby: readonly Prove[];
  /** On the live route, once it has; a failure goes back. */
  live: readonly Prove[];
  /** Ends what a dead run broke on purpose and could not mend; called before anything else is done. */
  heal(request: Pick<ProofRequest, 'token' | 'signal'>): Promise<void>;
}

/** The standby colour never took traffic; the release did not go live. */
export class PreflightFailed extends UserError {
  override readonly name = 'PreflightFailed';
  readonly verdict: 'failed' | 'inconclusive';

  constructor(message: string, verdict: 'failed' | 'inconclusive' = 'failed') {
    super(message);
    this.verdict = verdict;
  }
}

/** @throws PreflightFailed unless every proof passed: what was not shown does not go live */
export async function proveStandby(run: Run, operation: Operation): Promise<void> {
  for (const prove of run.request.proofs.standby) {
    await take(run, operation, {
      prove,
      reason: 'shown before it takes traffic',
      judge: ({ verdict, reason }) => {
        if (verdict !== 'passed') throw new PreflightFailed(`${prove.name} on standby: ${reason}`, verdict);
      },
    });
  }
}

/**
 * Each proof becomes a gate of the cutover; what could not be shown leaves the release where it is, inconclusive.
 * @throws Breach when a proof failed
 */
export async function proveLiveRoute(run: Run, operation: Operation): Promise<void> {
  const { clock } = run.request.platform;
  for (const prove of run.request.proofs.live) {
    await take(run, operation, {
      prove,
      reason: 'shown again on the live route',
      judge: (proof) => {
        run.proven.push(gateOf(prove, proof));
        if (proof.verdict !== 'failed') return;
        throw new Breach(`${prove.name} on the live route: ${proof.reason}`, clock.now());
      },
    });
  }
}

/** One step that asks for a proof; `judge` throws where the step has failed by it. */
async function take(
  run: Run,
  operation: Operation,
  { prove, reason, judge }: { prove: Prove; reason: string; judge: (proof: Proof) => void },
): Promise<void> {
  await run.steps.take({ step: prove.name, reason }, async () => {
    run.check();
    const { id, version, sha } = operation.release;
    const colors = Object.fromEntries(operation.moves.map(({ component, to }) => [component, to]));
    const { token, signal } = run;
    judge(await prove.run({ release: { id, version, sha }, colors, token, signal }));
  });
}

const gateOf = ({ name }: Prove, { verdict, reason }: Proof): GateRecord => ({
  name: `${name} on the live route`,
  verdict,
  measured: reason,
  limit: 'passes',
});

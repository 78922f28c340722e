import { exitCodes } from '../hosts/exit-codes.ts';
import { revertCommand } from '../hosts/resume.ts';
import type { Platform } from '../platform/platform.ts';
import type { ReleaseOutcome } from '../release/contract.ts';
import type { Options } from './arguments.ts';
import type { Output } from './output.ts';
import { chaosModeOf, type ProofOptions, placeOf } from './proof-options.ts';
import { originHere, printOutcome } from './release.ts';

interface Doing {
  signal: AbortSignal;
  output: Output;
}

const nothing: ProofOptions = {
  aim: undefined,
  only: [],
  url: undefined,
  expectStatus: undefined,
  toolkit: undefined,
};

/** `smoke`. @returns the exit code */
export async function smoke(
  options: Options,
  platform: Platform,
  { signal, output }: Doing,
): Promise<number> {
  const { runSmokeStage } = await import('../release/smoke.ts');
  const { aim = 'live', only, url, expectStatus } = options.proof ?? nothing;
  const { version } = options;
  const request = { ...placeOf(options), aim, only, version, url, expectStatus, origin: originHere() };
  const outcome = await runSmokeStage(request, platform, signal);
  return told(outcome, { configPath: options.file, mode: 'smoke', resume: undefined }, output);
}

/** The command that ends faults, for messages. */
export const resumeOfChaos = (options: Options): string => revertCommand(placeOf(options));

/** `chaos`, `chaos plan` and `chaos revert`. @returns the exit code */
export async function chaos(
  { options, operand }: { options: Options; operand: string | undefined },
  platform: Platform,
  { signal, output }: Doing,
): Promise<number> {
  const mode = chaosModeOf(operand);
  const { runChaosStage } = await import('../release/chaos.ts');
  const { aim, only, toolkit } = options.proof ?? nothing;
  const resume = resumeOfChaos(options);
  const request = {
    ...placeOf(options),
    mode,
    aim,
    only,
    toolkit,
    seed: options.seed,
    origin: originHere(),
    resume,
  };
  const outcome = await runChaosStage(request, platform, signal);
  return told(outcome, { configPath: options.file, mode: `chaos ${mode}`, resume }, output);
}

async function told(
  outcome: ReleaseOutcome,
  about: { configPath: string; mode: string; resume: string | undefined },
  output: Output,
): Promise<number> {
  output.terminal.close();
  const { problems, outputs, record, planned } = outcome;
  if (output.format === 'json') {
    const all = record?.chaos?.experiments ?? planned;
    const experiments = all ? { experiments: all } : {};
    const checks = record?.smoke ? { results: record.smoke.flatMap((run) => run.checks) } : {};
    output.json({ ...outputs, mode: about.mode, problems, ...experiments, ...checks });
  } else await printOutcome(outcome, { ...about, output });
  return exitCodes[outcome.verdict];
}

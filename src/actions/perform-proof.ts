import type { ActionHost } from '../hosts/github.ts';
import type { Inputs } from '../hosts/inputs.ts';
import { revertCommand } from '../hosts/resume.ts';
import { UsageError } from '../platform/errors.ts';
import type { ReleaseOutcome } from '../release/contract.ts';
import type { chaosInputs, smokeInputs } from './inputs.ts';
import { actionEnd } from './perform.ts';

/** Makes the checks of a release file, or of an address, and reports. */
export async function performSmoke(host: ActionHost, given: Inputs<typeof smokeInputs>): Promise<void> {
  const { runSmokeStage } = await import('../release/smoke.ts');
  const request = {
    ...placeOf(given),
    aim: given.aim,
    only: given.checks,
    version: given.version,
    url: given.url,
    expectStatus: given['expect-status'],
    origin: host.context.runUrl,
  };
  await host.report(
    await endOf(await runSmokeStage(request, host.platform, host.signal), given.file, undefined),
  );
}

/** Makes experiments and reports; marks how far it came, so that the post step knows what may be left. */
export async function performChaos(host: ActionHost, given: Inputs<typeof chaosInputs>): Promise<void> {
  const place = placeOf(given);
  const resume = revertCommand(place);
  host.resumeWith(resume);
  // A plan leaves nothing behind that a post step would have to end.
  if (given.mode !== 'plan') host.mark('started');
  const { runChaosStage } = await import('../release/chaos.ts');
  const request = {
    ...place,
    mode: given.mode,
    only: given.experiments,
    aim: given.aim === '' ? undefined : given.aim,
    seed: given.seed,
    toolkit: given.toolkit,
    origin: host.context.runUrl,
    resume,
  };
  const outcome = await runChaosStage(request, host.platform, host.signal).catch((error: unknown) => {
    // Refused for what was asked: nothing was begun.
    if (error instanceof UsageError && given.mode !== 'plan') host.mark('finished');
    throw error;
  });
  if (outcome.verdict !== 'cancelled' && given.mode !== 'plan') host.mark('finished');
  await host.report(await endOf(outcome, given.file, resume));
}

type Place = Pick<Inputs<typeof smokeInputs>, 'file' | 'environment' | 'state-folder' | 'report-folder'>;

const placeOf = (given: Place) => ({
  configPath: given.file,
  environment: given.environment,
  stateFolder: given['state-folder'],
  reportFolder: given['report-folder'],
});

const endOf = (outcome: ReleaseOutcome, configPath: string, resume: string | undefined) =>
  actionEnd(outcome, { configPath, resume });

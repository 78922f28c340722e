import type { WorkflowContext } from '../hosts/github.ts';
import type { Inputs } from '../hosts/inputs.ts';
import { resumeCommand } from '../hosts/resume.ts';
import type { ReleaseRequest } from '../release/contract.ts';
import type { cutoverInputs, placeInputs, releaseInputs } from './inputs.ts';

type Place = Inputs<typeof placeInputs>;
type Given = Place &
  Partial<Inputs<typeof cutoverInputs>> &
  Partial<Pick<Inputs<typeof releaseInputs>, 'validate'>> &
  Pick<ReleaseRequest, 'mode'>;

/** What an action asks of the release. The commit is the workflow's own unless another one is given. */
export function releaseRequest(given: Given, context: WorkflowContext): ReleaseRequest {
  const place = {
    configPath: given.file,
    environment: given.environment,
    stateFolder: given['state-folder'],
  };
  return {
    ...place,
    mode: given.mode,
    version: given.version,
    sha: given.sha ?? (context.sha || undefined),
    reportFolder: given['report-folder'],
    checks: given.validate === 'yes' ? 'workspace' : 'release-file',
    allowOlder: given['allow-older'] ?? 'no',
    bakeMs: given.bake,
    skip: given.skip ?? [],
    seed: undefined,
    origin: context.runUrl,
    resume: resumeCommand(place),
  };
}

import { runAction } from '../hosts/github.ts';
import { releaseInputs } from './inputs.ts';
import { performRelease } from './perform.ts';
import { releaseRequest } from './request.ts';

await runAction((host) => performRelease(host, releaseRequest(host.inputs(releaseInputs), host.context)));

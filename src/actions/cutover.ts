import { runAction } from '../hosts/github.ts';
import { cutoverInputs } from './inputs.ts';
import { performRelease } from './perform.ts';
import { releaseRequest } from './request.ts';

await runAction((host) => performRelease(host, releaseRequest(host.inputs(cutoverInputs), host.context)));

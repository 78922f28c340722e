import { runAction } from '../hosts/github.ts';
import { chaosInputs } from './inputs.ts';
import { performChaos } from './perform-proof.ts';

await runAction((host) => performChaos(host, host.inputs(chaosInputs)));

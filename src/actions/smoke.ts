import { runAction } from '../hosts/github.ts';
import { smokeInputs } from './inputs.ts';
import { performSmoke } from './perform-proof.ts';

await runAction((host) => performSmoke(host, host.inputs(smokeInputs)));

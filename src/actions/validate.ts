import { runAction } from '../hosts/github.ts';
import { validateInputs } from './inputs.ts';
import { performValidate } from './perform-validate.ts';

await runAction((host) => performValidate(host, host.inputs(validateInputs)));

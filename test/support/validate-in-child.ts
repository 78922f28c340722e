import { validate } from '../../src/validate/engine.ts';
import { readWorkspace } from '../../src/validate/read/index.ts';
import { rules } from '../../src/validate/rules/index.ts';

/** Validates a folder in a process of its own and prints what came of it as one line of JSON. */
const workspace = await readWorkspace({ root: process.argv[2] ?? '.' });
const { findings } = validate(workspace, rules);
const attempts: unknown = Reflect.get(globalThis, 'networkAttempts');
console.log(JSON.stringify({ findings: findings.length, manifests: workspace.manifests.length, attempts }));

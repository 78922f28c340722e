/** What is measured: one cold process that validates a folder and prints what it did. Bundled by bench/validate.js. */
import { validate } from './validate/engine.js';
import { readWorkspace } from './validate/read/index.js';
import { rules } from './validate/rules/index.js';

const loaded = performance.now();
const workspace = await readWorkspace({ root: process.argv[2] });
const read = performance.now();
const { findings } = validate(workspace, rules);
const done = performance.now();

console.log(
  JSON.stringify({
    docs: workspace.manifests.length,
    rules: rules.length,
    findings: findings.length,
    loadMs: loaded,
    readMs: read - loaded,
    rulesMs: done - read,
    ms: done,
    peakMb: process.resourceUsage().maxRSS / 1024,
    yamlMs: globalThis.yamlMs,
  }),
);

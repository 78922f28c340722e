/** What is measured: one cold process that validates a folder and prints what it did. Bundled by bench/validate.js. */
import { validate } from './validate/engine.js';
import { readWorkspace } from './validate/read/index.js';
import { rules } from './validate/rules/index.js';

const loaded = performance.now();
const workspace = await readWorkspace({ root: process.argv[2] });
const read = performance.now();
const { findings } = validate(workspace, rules);
const done = performance.now();

/** Parsing alone, again, in a process that is warm by now: what it takes at least of the time above. */
function parsingMs() {
  const files = [...workspace.files.values()].filter(({ path }) => /\.ya?ml$/.test(path));
  const began = performance.now();
  for (const file of files) parse(file);
  return performance.now() - began;
}

const { readYaml: parse } = await import('./validate/read/yaml.js');
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
    parseMs: process.argv[3] === 'parse' ? parsingMs() : undefined,
  }),
);

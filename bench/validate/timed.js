/** Puts a clock around everything that reads YAML, in a compiled program; it adds up to `globalThis.yamlMs`. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The function of each module that the others call; places are only worked out for documents with findings. */
const timed = { yaml: 'readYaml', 'yaml-events': 'parseYaml', 'yaml-places': 'yamlPlaces' };

/** One of these calls another; only the outermost call counts. What it waits for the garbage collector counts too. */
const around = (module, name) => `import { ${name} as untimed } from './${module}.untimed.js';
export * from './${module}.untimed.js';
globalThis.yamlMs ??= 0;
export function ${name}(...args) {
  if (globalThis.inYaml) return untimed(...args);
  globalThis.inYaml = true;
  const began = performance.now();
  try {
    return untimed(...args);
  } finally {
    globalThis.yamlMs += performance.now() - began;
    globalThis.inYaml = false;
  }
}
`;

export function timeYaml(compiled) {
  for (const [module, name] of Object.entries(timed)) {
    const file = join(compiled, 'validate/read', module);
    renameSync(`${file}.js`, `${file}.untimed.js`);
    writeFileSync(`${file}.js`, around(module, name));
  }
}

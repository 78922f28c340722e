import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages of the Actions toolkit that are copied beside the stand-ins, so that their imports find those. */
const copied = ['core', 'tool-cache', 'io'];

/** Stand-ins by package, with the file of the real one that they load when they are used. */
const replaced = {
  'http-client': { real: 'lib/index.js', kept: ['lib/auth.js', 'lib/interfaces.js'] },
  exec: { real: 'lib/exec.js', kept: [] },
};

/**
 * Lays out build/node_modules, which the bundler finds before node_modules: the toolkit with two of its packages
 * replaced by ones that load the real package with the first call. Nothing is lost, and no start pays for undici.
 */
export function layOutStandIns(root) {
  const into = join(root, 'build/node_modules/@actions');
  for (const name of copied) {
    const from = join(root, 'node_modules/@actions', name);
    const filter = (path) => !path.slice(from.length).includes('node_modules');
    cpSync(from, join(into, name), { recursive: true, dereference: true, filter });
  }
  for (const [name, { real, kept }] of Object.entries(replaced)) {
    const standIn = readFileSync(join(root, 'scripts/stand-ins', `${name}.js`), 'utf8');
    const realFile = `../../../../node_modules/@actions/${name}/${real}`;
    mkdirSync(join(into, name, 'lib'), { recursive: true });
    writeFileSync(join(into, name, 'index.js'), standIn.replaceAll(`the-real/${name}`, realFile));
    for (const file of kept) cpSync(join(root, 'node_modules/@actions', name, file), join(into, name, file));
    const manifest = {
      name: `@actions/${name}`,
      type: 'module',
      exports: { '.': './index.js', './lib/auth': './lib/auth.js' },
    };
    writeFileSync(join(into, name, 'package.json'), JSON.stringify(manifest));
  }
}

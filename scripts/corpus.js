import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { committed, tableOf } from '../test/support/corpus/files.ts';
import { corpus } from '../test/support/corpus/generate.ts';

/**
 * Writes test/fixtures/corpus from test/support/corpus: small workspaces with known defects and expected.json, which says
 * where each has to be found. `node scripts/corpus.js`; test/validate/corpus.test.ts tells when it has to be run again.
 */

const folder = fileURLToPath(new URL('../test/fixtures/corpus/', import.meta.url));
const workspaces = corpus();

rmSync(folder, { recursive: true, force: true });
for (const [path, bytes] of committed(workspaces)) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
writeFileSync(join(folder, 'expected.json'), tableOf(workspaces));
// Line ends and byte order marks are what some of these files are there for.
writeFileSync(join(folder, '.gitattributes'), '* -text linguist-generated=true\n');
const files = workspaces.reduce((sum, workspace) => sum + Object.keys(workspace.files).length, 0);
const places = workspaces.reduce((sum, { expected }) => sum + expected.length, 0);
console.log(`${workspaces.length} workspaces, ${files} files, ${places} places`);

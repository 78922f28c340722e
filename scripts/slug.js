/**
 * npm run slug -- owner/name: changes the repository that `uses:` lines and links name, everywhere. Without an argument it says
 * which one it is. Run `npm run docs` and `npm run build` afterwards.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files that name the repository: everything in Git but what is generated. */
export function filesWithSlug(slug) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\0')
    .filter(
      (file) => file !== '' && !/^(dist|schema|build)\/|^package-lock\.json$|\.(png|ico|gz)$/.test(file),
    )
    .filter((file) => readFileSync(join(root, file), 'utf8').includes(slug));
}

function main() {
  const current = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).slug;
  const wanted = process.argv[2];
  if (wanted === undefined) return console.log(current);
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._-]{1,100}$/.test(wanted)) {
    console.error(`"${wanted}" is not owner/name\nnext: npm run slug -- acme/cutover`);
    process.exit(2);
  }
  for (const file of filesWithSlug(current)) {
    const path = join(root, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(current, wanted));
    console.log(file);
  }
  console.log(`next: npm run build && npm run docs`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();

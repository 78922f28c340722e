import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sample = fileURLToPath(new URL('..', import.meta.url));

/**
 * A copy of the sample in a temporary folder, on a port that is free, with a p99 that only a stall breaks: a busy machine
 * must not look like a bad release, and the bad one of the demo fails by its errors.
 *
 * @returns {Promise<{ folder: string, state: string, origin: string }>}
 */
export async function createWorkspace() {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-demo-'));
  const port = await freePort();
  await cp(join(sample, 'services'), join(folder, 'services'), { recursive: true });
  const config = await readFile(join(sample, 'cutover.yml'), 'utf8');
  const patient = config.replace(/p99: \d+ms/, 'p99: 1500ms').replaceAll(/p99: <\d+ms/g, 'p99: <900ms');
  await writeFile(join(folder, 'cutover.yml'), patient.replace(/port: 8000\b/, `port: ${port}`));
  return { folder, state: join(folder, '.cutover'), origin: `http://127.0.0.1:${port}` };
}

/** Makes the next release: the version, and what is wrong with it, are part of the component's content. */
export function writeRelease({ folder }, release) {
  return writeFile(join(folder, 'services/gateway/release.json'), `${JSON.stringify(release)}\n`);
}

export function removeWorkspace({ folder }) {
  return rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';

const demo = fileURLToPath(new URL('../../examples/trading/demo.js', import.meta.url));
const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let child: ChildProcess | undefined;
let folder = '';

afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Starts the demo with a folder of its own for everything temporary; resolves once it has printed `marker`. */
async function startUntil(marker: RegExp): Promise<ChildProcess> {
  folder = await mkdtemp(join(tmpdir(), 'demo-'));
  const started = spawn(process.execPath, [demo], {
    cwd: folder,
    env: { PATH: process.env['PATH'], TMPDIR: folder, CUTOVER_CLI: cli },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let output = '';
  await new Promise<void>((resolve, reject) => {
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (marker.test(output)) resolve();
    });
    started.once('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${output}`)));
  });
  return started;
}

/** Processes that run in the folder or name it in their arguments. */
async function processesOf(path: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seen = await Promise.all(
    ids.map(async (id) => {
      const args = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      const cwd = await readlink(`/proc/${id}/cwd`).catch(() => '');
      return args.includes(path) || cwd.startsWith(path)
        ? `${id} ${args.replaceAll('\0', ' ')} in ${cwd}`
        : '';
    }),
  );
  return seen.filter((line) => line !== '');
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the demo, interrupted', () => {
  test.each([
    ['before anything runs', /cutover apply --version v1/, 'SIGINT'],
    ['while v1 is watched', /verify gateway/, 'SIGINT'],
    ['under load', /2 {2}v2 is killed[\s\S]*prepare gateway/, 'SIGTERM'],
  ] as const)('%s leaves no process and no folder', async (_, marker, signal) => {
    const running = await startUntil(marker);
    expect((await processesOf(folder)).length).toBeGreaterThan(0);
    running.kill(signal);
    expect(await once(running, 'exit')).toEqual([130, null]);
    expect(await processesOf(folder)).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.startsWith('cutover-demo-'))).toEqual([]);
  });
});

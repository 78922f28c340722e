import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bundle = join(root, 'dist/cli/index.js');
const program = process.env.CUTOVER_CLI || (existsSync(bundle) ? bundle : join(root, 'src/cli/main.ts'));
const killAfterMs = 5_000;

/**
 * Runs `cutover …` the way a user does. On a terminal it shows its progress there itself; in a log its lines come
 * between ours. Its result comes back as an object.
 *
 * @returns {{ result: Promise<object | undefined>, cancel: () => Promise<void> }}
 */
export function cutover(workspace, args) {
  // A process group of its own: Ctrl-C reaches us alone, and we decide when it is told.
  const child = spawn(process.execPath, [program, ...args, '--json'], {
    cwd: workspace.folder,
    stdio: ['ignore', 'pipe', process.stderr.isTTY ? 'inherit' : 'pipe'],
    detached: true,
  });
  if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => console.log(`   ${line}`));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const closed = once(child, 'close');
  return {
    result: closed.then(() => parse(output)),
    cancel: async () => {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function parse(output) {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

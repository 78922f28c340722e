import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/**
 * Releases that begin to fail orders three seconds after their first, one after the other, each rolled back by the
 * cutover itself. @returns {Promise<number[]>} milliseconds from the breach being seen to the old route verified
 */
export async function measureRollbacks({ folder, sample, count, onResult }) {
  await cp(join(sample, 'services'), join(folder, 'services'), { recursive: true });
  const config = await readFile(join(sample, 'cutover.yml'), 'utf8');
  await writeFile(join(folder, 'cutover.yml'), config.replace(/port: 8000\b/, 'port: 0'));
  await release(folder, { version: 'good', fault: 'none', bake: '0s' });
  const times = [];
  for (let n = 1; n <= count; n += 1) {
    const record = await release(folder, { version: `bad-${n}`, fault: 'errors-after-3s', bake: '8s' });
    if (record.cutover.result !== 'rolled-back')
      throw new Error(`bad-${n} ended as ${record.cutover.result}: ${record.cutover.reason}`);
    times.push(record.cutover.rollback.verifiedAfterMs);
    onResult(n, record.cutover.rollback);
  }
  return times;
}

async function release(folder, { version, fault, bake }) {
  await writeFile(join(folder, 'services/gateway/release.json'), JSON.stringify({ version, fault }));
  const child = spawn(process.execPath, [cli, 'apply', '--version', version, '--bake', bake, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  await once(child, 'close');
  const outcome = JSON.parse(output);
  if (!outcome.record) throw new Error(`${version}: ${outcome.error ?? outcome.verdict}`);
  return JSON.parse(await readFile(outcome.record, 'utf8'));
}

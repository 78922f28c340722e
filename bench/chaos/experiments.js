/**
 * Experiments of the command line on the sample, seen from outside: when the first fault comes, how long its end takes, and
 * how far the recovery that it tells is from what a prober of ours saw.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Prober } from './prober.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist/cli/index.js');

const experiments = `
chaos:
  - name: kill
    aim: live
    fault: { kind: kill }
    for: 4s
    steady: { checks: [ready] }
    traffic: { method: GET, path: /health, rate: 200/s, timeout: 500ms }
    expect: { recovery: <20s }
  - name: latency
    aim: live
    fault: { kind: latency, delay: 100ms }
    for: 3s
    steady: { checks: [ready] }
    traffic: { method: GET, path: /health, rate: 200/s }
smoke:
  - { name: ready, http: /ready, retry-for: 10s }
`;

/** `rounds` runs of each. Milliseconds. */
export async function measureExperiments(rounds) {
  const workspace = await createWorkspace();
  const results = {
    firstFaultMs: [],
    killRevertMs: [],
    latencyRevertMs: [],
    detectErrorMs: [],
    recoveryErrorMs: [],
  };
  try {
    await cutover(workspace, ['apply', '--version', 'v1', '--bake', '1s', '--skip', 'smoke,chaos']);
    for (let round = 0; round < rounds; round += 1) {
      const kill = await measured(workspace, 'kill');
      results.firstFaultMs.push(kill.firstFaultMs);
      results.killRevertMs.push(kill.revertMs);
      results.detectErrorMs.push(kill.detectErrorMs);
      results.recoveryErrorMs.push(kill.recoveryErrorMs);
      const latency = await measured(workspace, 'latency');
      results.firstFaultMs.push(latency.firstFaultMs);
      results.latencyRevertMs.push(latency.revertMs);
    }
  } finally {
    await cutover(workspace, ['stop']).catch(() => {});
    await rm(workspace.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  return results;
}

async function measured(workspace, name) {
  const prober = new Prober(workspace.port);
  prober.start();
  const startedAt = Date.now();
  const told = await cutover(workspace, ['chaos', '--only', name]);
  await prober.stop();
  if (told.verdict !== 'passed') throw new Error(`${name}: ${told.verdict}: ${JSON.stringify(told)}`);
  const record = JSON.parse(await readFile(told.record, 'utf8'));
  const [experiment] = record.chaos.experiments;
  const [fault] = experiment.faults;
  const figures = { firstFaultMs: fault.injectedAt - startedAt, revertMs: fault.revertMs };
  if (name !== 'kill') return figures;
  const truth = prober.outageAfter(fault.injectedAt);
  const { detectMs, stableMs } = experiment.recovery;
  return {
    ...figures,
    detectErrorMs: Math.abs(detectMs - (truth.from - fault.injectedAt)),
    recoveryErrorMs: Math.abs(stableMs - (truth.to - truth.from)),
  };
}

async function cutover({ folder }, args) {
  const child = spawn(process.execPath, [program, ...args, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  await once(child, 'close');
  return JSON.parse(text);
}

async function createWorkspace() {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-bench-'));
  const port = await freePort();
  const sample = join(root, 'examples/trading');
  await cp(join(sample, 'services'), join(folder, 'services'), { recursive: true });
  const config = await readFile(join(sample, 'cutover.yml'), 'utf8');
  // What is live is hit on purpose, and it is one instance.
  const own = config
    .split(/^(?=smoke:|chaos:)/m)[0]
    .replace('{ target: local }', '{ target: local, protect: { last-replica: allow } }');
  await writeFile(
    join(folder, 'cutover.yml'),
    `${own.replace(/port: 8000\b/, `port: ${port}`).replace(/p99: \d+ms/, 'p99: 1500ms')}\n${experiments}`,
  );
  return { folder, port };
}

async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

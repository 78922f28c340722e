/**
 * `npm run soak [-- verdicts <runs>]`: releases of a small service are checked and broken on purpose, `runs` times (200) while it is good
 * and `runs` times while it is bad in one way after the other. A good one that does not pass is red, a bad one that does is
 * green; both have to be 0. Takes about half an hour.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemPlatform } from '../../src/platform/platform.ts';
import { runChaosStage } from '../../src/release/chaos.ts';
import { runRelease } from '../../src/release/run.ts';
import { runSmokeStage } from '../../src/release/smoke.ts';
import { stopEnvironment } from '../../src/release/stop.ts';

const server = fileURLToPath(new URL('server.js', import.meta.url));
const signal = new AbortController().signal;
const platform = systemPlatform((event) => process.env.SOAK_VERBOSE && console.log(JSON.stringify(event)));

const configuration = (port) => `
name: soak
components:
  orders:
    context: service
    run: [node, server.js]
    port: ${port}
    health: { http: /health, interval: 100ms, healthy-after: 2 }
    version: { http: /version, json: version }
    drain: 1s
environments:
  local: { target: local, protect: { last-replica: allow } }
slo: { error-rate: 0 }
cutover: { bake: 0s, keep-old: 0s, traffic: { rate: 100/s, path: /work, timeout: 900ms } }
smoke:
  - { name: healthy, http: /health, status: 200, retry-for: 1s }
  - { name: work, http: /work, status: 200, within: 500ms, retry-for: 0s }
  - name: many
    load: { path: /work, rate: 100/s, for: 1s }
    expect: { error-rate: 0, p99: <500ms }
    on: live
chaos:
  - name: slow network
    aim: live
    fault: { kind: latency, delay: 50ms }
    for: 1s
    steady: { checks: [healthy], watch: 500ms }
    expect: { error-rate: 0, p99: <500ms }
    recovery: { stable: 3 }
  - name: kill
    aim: live
    fault: { kind: kill }
    for: 1s
    steady: { checks: [healthy], watch: 500ms }
    expect: { recovery: <4s }
    recovery: { stable: 3, within: 5s }
    ledger:
      write: { path: /orders, body: '{"id":{n}}' }
      read: { path: /orders, within: 500ms }
`;

/** Ways to be bad, each with what has to notice it. */
const bad = [
  ['errors', smoke],
  ['slow', smoke],
  ['wrong-version', smoke],
  ['errors', () => chaos('slow network')],
  ['slow', () => chaos('slow network')],
  ['loses', () => chaos('kill')],
  ['doubles', () => chaos('kill')],
  ['stays-down', () => chaos('kill')],
  ['slow-start', () => chaos('kill')],
];
/** Kills are some time apart: a process that ends again and again within ten seconds is started ever later, and rightly so. */
const calm = [smoke, () => chaos('slow network')];
const good = [...calm, ...calm, ...calm, ...calm, () => chaos('kill')];

let place;

async function smoke() {
  const request = {
    ...place,
    aim: 'live',
    only: [],
    version: undefined,
    url: undefined,
    expectStatus: undefined,
  };
  return runSmokeStage({ ...request, reportFolder: undefined, origin: 'soak' }, platform, signal);
}

async function chaos(name) {
  const request = {
    ...place,
    mode: 'run',
    only: [name],
    aim: undefined,
    seed: undefined,
    toolkit: undefined,
  };
  return runChaosStage(
    { ...request, reportFolder: undefined, origin: 'soak', resume: 'cutover chaos revert' },
    platform,
    signal,
  );
}

async function release(version) {
  const outcome = await runRelease(
    {
      ...place,
      mode: 'apply',
      version,
      sha: undefined,
      reportFolder: undefined,
      checks: 'release-file',
      allowOlder: 'yes',
      bakeMs: undefined,
      skip: ['smoke', 'chaos'],
      seed: undefined,
      origin: 'soak',
      resume: 'cutover recover',
    },
    platform,
    signal,
  );
  if (outcome.verdict !== 'passed' && outcome.outputs.result !== 'cut-over') {
    throw new Error(`the release did not go live: ${JSON.stringify(outcome.outputs)}`);
  }
}

async function setMode(port, mode) {
  const answer = await fetch(`http://127.0.0.1:${port}/mode`, { method: 'POST', body: mode });
  if (answer.status !== 200) throw new Error(`the service did not take the mode ${mode}: ${answer.status}`);
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const reasonOf = ({ record, problems }) =>
  record?.chaos?.reason ?? record?.smoke?.map(({ reason }) => reason).join('; ') ?? JSON.stringify(problems);

const wrong = [];
const seen = {};
let done = 0;

function count(name, outcome, { isRight, of }) {
  done += 1;
  seen[name] ??= {};
  seen[name][outcome.verdict] = (seen[name][outcome.verdict] ?? 0) + 1;
  if (!isRight) wrong.push(`${name}: ${outcome.verdict}: ${reasonOf(outcome)}`);
  if (done % 10 === 0 || !isRight) {
    console.log(`${done} of ${of}, ${wrong.length} wrong${isRight ? '' : `: ${wrong.at(-1)}`}`);
  }
}

/** @returns its figures, and what was wrong */
export async function run(runs = 200) {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-soak-'));
  const port = await freePort();
  place = { configPath: join(folder, 'cutover.yml'), environment: undefined, stateFolder: undefined };
  try {
    await prepare(folder, port);
    await goodRuns(runs, port);
    await badRuns(runs, { folder, port });
  } finally {
    await stopEnvironment(place, platform).catch((error) => console.error(`stop: ${error.message}`));
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  const red = wrong.filter((one) => one.startsWith('good')).length;
  return { figures: { runs, seen, red, green: wrong.length - red }, wrong };
}

async function prepare(folder, port) {
  await mkdir(join(folder, 'service'));
  await cp(server, join(folder, 'service/server.js'));
  await writeFile(join(folder, 'service/package.json'), '{"type":"module"}\n');
  await writeFile(join(folder, 'cutover.yml'), configuration(port));
  await release('v1');
}

async function goodRuns(runs, port) {
  for (let run = 0; run < runs; run += 1) {
    await setMode(port, 'good');
    const outcome = await good[run % good.length]();
    count('good', outcome, { isRight: outcome.verdict === 'passed', of: 2 * runs });
  }
}

async function badRuns(runs, { folder, port }) {
  for (let run = 0; run < runs; run += 1) {
    const [mode, look] = bad[run % bad.length];
    await setMode(port, mode);
    const outcome = await look();
    count(mode, outcome, { isRight: outcome.verdict !== 'passed', of: 2 * runs });
    // What could not be started again has to be made good from outside.
    if (mode !== 'stays-down' && mode !== 'slow-start') continue;
    await writeFile(join(folder, '.cutover/local/data/orders/mode'), 'good');
    await waitUntilUp(port);
  }
}

async function waitUntilUp(port) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the service did not come up again');
}

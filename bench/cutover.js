/**
 * npm run bench -- cutover: what clients notice of a switch.
 *
 * The sample runs as v1 and v2 on the local target. The meter sends 1,000 POSTs a second through the embedded proxy while the
 * route is flipped once a second, 50 times; once over kept-alive connections, once with a connection per request. The same
 * two processes then stand behind HAProxy, which is switched over its stats socket (`ready` for one server, then `drain` for the
 * other) as often, under the same load. Both switches are seen by the same probes, clients that ask who answers, without
 * pause, on connections of the same kind. They count from the write: for HAProxy from just before the command is sent, for
 * ours from when the route changed. Ours is on disk before that; `command…` has the times with that part.
 *
 * Last come real automatic rollbacks of a release that fails orders: from the breach being seen to the route verified.
 */
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadReleaseFile } from '../src/config/load.ts';
import { systemPlatform } from '../src/platform/platform.ts';
import { openTarget, stopLocal } from '../src/targets/local/index.ts';
import { startMeter } from '../src/traffic/meter.ts';
import { startHaproxy } from './cutover/haproxy.js';
import { Probes } from './cutover/probes.js';
import { measureRollbacks } from './cutover/rollbacks.js';
import { percentile, rounded } from './cutover/statistics.js';
import { median, printTable } from './support/figures.js';

const flips = Number(process.env.BENCH_FLIPS || 50);
/** Ours and HAProxy take turns, so that whatever else the machine does disturbs both alike. */
const rounds = 5;
const rollbacks = Number(process.env.BENCH_ROLLBACKS || 12);
const rate = 1_000;
const betweenFlipsMs = 1_000;
const warmUpMs = 2_000;
const colors = ['blue', 'green'];
const versions = { blue: 'v1', green: 'v2' };
const sample = fileURLToPath(new URL('../examples/trading', import.meta.url));
const order = '{"symbol":"TEST","side":"buy","quantity":1,"price":1}';
const platform = systemPlatform(() => {});

/** Runs the whole benchmark, prints the table and gives the figures. */
async function run() {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-bench-'));
  // Supervisors end with their folders.
  process.once('SIGINT', () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  });
  try {
    const { ours, haproxy } = await measureSwitches(folder);
    const rollbackMs = await measureRollbacks({
      folder: await subfolder(folder, 'rollbacks'),
      sample,
      count: rollbacks,
      onResult: () => {},
    });
    const figures = {
      ...withRatios(ours['keep-alive'], haproxy?.['keep-alive']),
      rollbackMsP50: rounded(median(rollbackMs)),
      rollbackMsP95: rounded(percentile(rollbackMs, 0.95)),
      rollbacks: rollbackMs.length,
      close: withRatios(ours.new, haproxy?.new),
    };
    print(figures, haproxy);
    return figures;
  } finally {
    await stopLocal({
      platform,
      stateFolder: join(folder, 'rollbacks/.cutover/local'),
      graceMs: 1_000,
    }).catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}

async function subfolder(folder, name) {
  const path = join(folder, name);
  await platform.files.makeFolder(path);
  return path;
}

async function measureSwitches(folder) {
  const stateFolder = await subfolder(folder, 'state');
  const { target, lease } = await bothColors(folder, stateFolder);
  let haproxy;
  try {
    const urls = await Promise.all(
      colors.map(async (color) => (await target.instances('gateway', color))[0].url),
    );
    const route = target.route('gateway');
    const switchTo = async (color) => {
      const { version } = await route.read();
      return async () => (await route.switchTo(color, { expecting: version, token: lease.token })).at;
    };
    const local = {
      origin: await target.endpoint('gateway', 'live'),
      prepareSwitch: switchTo,
      verify: (color) => route.verify(color),
    };
    haproxy = await startHaproxy(folder, { blue: urls[0], green: urls[1] });
    const anchor = haproxy && {
      origin: haproxy.origin,
      prepareSwitch: async (color) => () => haproxy.switchTo(color),
      verify: async () => undefined,
    };
    const measured = { ours: {}, haproxy: anchor && { version: haproxy.version } };
    for (const connections of ['keep-alive', 'new']) {
      const turns = { ours: [], anchor: [] };
      for (let round = 0; round < rounds; round += 1) {
        turns.ours.push(await measure(local, connections));
        if (anchor) turns.anchor.push(await measure(anchor, connections));
      }
      measured.ours[connections] = figuresOf(turns.ours);
      if (anchor) measured.haproxy[connections] = figuresOf(turns.anchor);
    }
    return measured;
  } finally {
    await haproxy?.stop();
    await target.close();
    await stopLocal({ platform, stateFolder, graceMs: 1_000 });
  }
}

/** The sample twice on the local target, v1 as blue and live, v2 as green. */
async function bothColors(folder, stateFolder) {
  const files = await Promise.all(
    colors.map((color) =>
      loadReleaseFile({
        path: join(sample, 'cutover.yml'),
        files: platform.files,
        env: platform.env,
        release: { version: versions[color] },
      }),
    ),
  );
  const components = files.map(({ file }) => ({ ...file.components.gateway, port: 0 }));
  const target = await openTarget({
    environment: { name: 'local', target: 'local' },
    components: { gateway: components[0] },
    stateFolder,
    platform,
  });
  const lease = await target.lease.acquire({ holder: 'bench', ttlMs: 3_600_000 });
  for (const [index, color] of colors.entries()) {
    const version = versions[color];
    const location = join(folder, version);
    await cp(join(sample, 'services/gateway'), location, { recursive: true });
    await writeFile(join(location, 'release.json'), JSON.stringify({ version }));
    const artifacts = { gateway: { digest: `sha256:${version}`, location } };
    const release = { id: version, version, sha: undefined, artifacts };
    await target.prepare({ component: components[index], color, release, instances: 1, token: lease.token });
  }
  await target.route('gateway').switchTo('blue', { expecting: 0, token: lease.token });
  await target.route('gateway').verify('blue');
  return { target, lease };
}

/** One turn: an even number of flips under load, from blue to green first. */
async function measure({ origin, prepareSwitch, verify }, connections) {
  const probes = new Probes(origin, connections);
  const meter = await startMeter(meterPlan(origin, connections));
  const seen = [];
  await delay(warmUpMs);
  for (let n = 1; n <= flips / rounds; n += 1) {
    const color = colors[n % 2];
    const act = await prepareSwitch(color);
    const at = Date.now();
    const times = await probes.around(act, versions[color]);
    await verify(color);
    seen.push({ at, ...times });
    await delay(Math.max(0, betweenFlipsMs - (Date.now() - at)));
  }
  const report = await meter.stop();
  probes.close();
  return { report, seen };
}

const meterPlan = (origin, connections) => ({
  origin,
  method: 'POST',
  path: '/orders',
  headers: { 'content-type': 'application/json' },
  body: order,
  rate,
  durationMs: undefined,
  connections,
  maxConnections: 256,
  timeoutMs: 5_000,
  expectStatus: 201,
  version: { header: 'x-version', allowed: Object.values(versions) },
  mode: 'cheap',
});

function figuresOf(turns) {
  const windows = turns.flatMap(({ report, seen }) =>
    report.windows
      .filter(({ startMs }) => startMs >= warmUpMs / 2)
      .map(({ startMs, p99 }) => ({
        p99,
        isAround: seen.some(({ at }) => Math.abs(startMs - (at - report.startedAt)) < report.windowMs),
      })),
  );
  const p99s = (wanted) =>
    windows.filter(({ p99, isAround }) => isAround === wanted && p99 !== undefined).map(({ p99 }) => p99);
  const reports = turns.map(({ report }) => report);
  const seen = turns.flatMap((turn) => turn.seen);
  const sum = (pick) => reports.reduce((total, report) => total + pick(report), 0);
  const known = (values) => values.filter((value) => value !== undefined);
  return {
    requests: sum(({ sent }) => sent),
    failed: sum(({ failed }) => failed),
    flips: seen.length,
    probesFailed: seen.reduce((sum, { failed }) => sum + failed, 0),
    longestGapMs: rounded(Math.max(...reports.map(({ longestGapMs }) => longestGapMs))),
    firstNewMsP50: rounded(median(known(seen.map(({ fromWrite }) => fromWrite.firstNewMs)))),
    lastOldMsP50: rounded(median(seen.map(({ fromWrite }) => fromWrite.lastOldMs))),
    lastOldMsMax: rounded(Math.max(...seen.map(({ fromWrite }) => fromWrite.lastOldMs))),
    commandToFirstNewMsP50: rounded(median(known(seen.map(({ fromCommand }) => fromCommand.firstNewMs)))),
    commandToLastOldMsP50: rounded(median(seen.map(({ fromCommand }) => fromCommand.lastOldMs))),
    p99AroundFlipMs: rounded(median(p99s(true))),
    p99AwayMs: rounded(median(p99s(false))),
    lateSends: sum(({ lateSends }) => lateSends),
  };
}

const ratio = (value, anchor) => (value === null || !anchor ? null : rounded(value / anchor));

function withRatios(ours, haproxy) {
  if (!haproxy) return { ...ours, firstNewVsHaproxy: null, lastOldVsHaproxy: null, haproxy: null };
  return {
    ...ours,
    firstNewVsHaproxy: ratio(ours.firstNewMsP50, haproxy.firstNewMsP50),
    lastOldVsHaproxy: ratio(ours.lastOldMsP50, haproxy.lastOldMsP50),
    haproxy,
  };
}

const rows = [
  ['requests', 'requests'],
  ['failed', 'failed'],
  ['longest gap, ms', 'longestGapMs'],
  ['write to first new answer, ms, p50', 'firstNewMsP50'],
  ['write to last old answer, ms, p50', 'lastOldMsP50'],
  ['write to last old answer, ms, worst', 'lastOldMsMax'],
  ['command to first new answer, ms, p50', 'commandToFirstNewMsP50'],
  ['command to last old answer, ms, p50', 'commandToLastOldMsP50'],
  ['p99 around a flip, ms', 'p99AroundFlipMs'],
  ['p99 away from flips, ms', 'p99AwayMs'],
  ['late sends of the meter', 'lateSends'],
];

function print(figures, haproxy) {
  const columns = [
    ['keep-alive', figures],
    ['haproxy', figures.haproxy],
    ['close', figures.close],
    ['haproxy', figures.close.haproxy],
  ];
  console.log(
    `${flips} flips at ${rate} POSTs a second${haproxy ? `, beside HAProxy ${haproxy.version}` : '; HAProxy is not installed'}`,
  );
  printTable([
    ['', ...columns.map(([name]) => name)],
    ...rows.map(([name, key]) => [name, ...columns.map(([, column]) => column?.[key] ?? '–')]),
  ]);
  console.log(
    `rollback, breach seen to route verified: p50 ${figures.rollbackMsP50} ms, p95 ${figures.rollbackMsP95} ms of ${figures.rollbacks}`,
  );
}

console.log(JSON.stringify(await run()));

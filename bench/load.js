/**
 * The load check of the stage smoke against wrk and hey, on the same server in one run: what rate each keeps and what CPU
 * time a request costs; then the percentiles of the check and of hey against a server whose delays are known.
 */
import { fileURLToPath } from 'node:url';
import { hey, runMeasured, wrk } from './load/peers.js';
import { median, printTable } from './support/figures.js';
import { isInstalled, startNode } from './support/programs.js';

const runs = Number(process.env.BENCH_RUNS || 3);
const seconds = Number(process.env.BENCH_SECONDS || 4);
const connections = 50;
const rates = [1_000, 5_000, 10_000];
const delayedRate = 500;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

async function check(origin, load) {
  const args = [here('load/check.js'), origin, JSON.stringify({ for: `${seconds}s`, path: '/', ...load })];
  const { stdout } = await runMeasured(process.execPath, args);
  const { answered, durationMs, cpuMs, latency, failed, lateSends } = JSON.parse(stdout);
  return { answered, failed, lateSends, cpuMs, latency, rate: (answered * 1_000) / durationMs };
}

const costUs = ({ cpuMs, answered }) => (cpuMs * 1_000) / answered;
const of = (all, figure) => median(all.map(figure));

/** The same rate asked of each, the two taking turns. */
async function costs(origin, rate) {
  const ours = [];
  const theirs = [];
  for (let i = 0; i < runs; i += 1) {
    ours.push(await check(origin, { rate: `${rate}/s`, 'max-connections': connections }));
    if (isInstalled('hey')) theirs.push(await hey(`${origin}/`, { connections, seconds, rate }));
  }
  const failed = ours.reduce((sum, one) => sum + one.failed, 0);
  if (failed > 0) throw new Error(`${failed} requests of the check failed`);
  const own = {
    rate: of(ours, (one) => one.rate),
    costUs: of(ours, costUs),
    late: of(ours, (one) => one.lateSends),
  };
  if (theirs.length === 0) return { asked: rate, own, hey: null };
  return { asked: rate, own, hey: { rate: of(theirs, (one) => one.rate), costUs: of(theirs, costUs) } };
}

/** wrk knows no rate: as fast as it can, one thread. */
async function fastest(origin) {
  if (!isInstalled('wrk')) return null;
  const all = [];
  for (let i = 0; i < runs; i += 1) all.push(await wrk(`${origin}/`, { connections, seconds }));
  return { rate: of(all, (one) => one.rate), costUs: of(all, costUs) };
}

async function percentiles() {
  const errors = { check: [], hey: [] };
  for (let i = 0; i < runs; i += 1) {
    for (const name of ['check', 'hey']) {
      if (name === 'hey' && !isInstalled('hey')) continue;
      errors[name].push(await againstDelays(name));
    }
  }
  return errors;
}

/** What a program says of the delayed server, minus what the server says of itself. Milliseconds. */
async function againstDelays(name) {
  const { child, line } = await startNode(here('load/delayed-server.js'));
  const told = new Promise((resolve) => {
    child.stdout.on('data', (text) => resolve(JSON.parse(String(text))));
  });
  const origin = `http://127.0.0.1:${line}`;
  const { latency } =
    name === 'check'
      ? await check(origin, { rate: `${delayedRate}/s`, for: `${seconds * 2}s` })
      : await hey(`${origin}/`, { connections, seconds: seconds * 2, rate: delayedRate });
  child.kill();
  const truth = await told;
  const error = (key) =>
    latency[key] === null || latency[key] === undefined ? null : latency[key] - truth[key];
  return { p50: error('p50'), p90: error('p90'), p99: error('p99'), p999: error('p999') };
}

const digits = (number, places) => (number === null ? 'n/a' : number.toFixed(places));
const rounded = (number, places) => (number === null ? null : Number(number.toFixed(places)));

function printCosts(all, wrkFigures) {
  printTable([
    ['load check and its peers', 'asked /s', 'kept /s', 'CPU µs a request', 'against the check'],
    ...all.flatMap(({ asked, own, hey: peer }) => [
      ['load check (open loop)', asked, digits(own.rate, 0), digits(own.costUs, 1), ''],
      ...(peer
        ? [
            [
              'hey -q (closed loop)',
              asked,
              digits(peer.rate, 0),
              digits(peer.costUs, 1),
              `${digits(peer.costUs / own.costUs, 2)}×`,
            ],
          ]
        : []),
    ]),
    ...(wrkFigures
      ? [['wrk -t1 (closed loop)', 'all', digits(wrkFigures.rate, 0), digits(wrkFigures.costUs, 1), '']]
      : []),
  ]);
}

function medianErrors(all) {
  const keys = ['p50', 'p90', 'p99', 'p999'];
  const known = (key) => all.map((one) => one[key]).filter((error) => error !== null);
  return Object.fromEntries(
    keys.map((key) => [key, known(key).length === 0 ? null : rounded(median(known(key)), 2)]),
  );
}

const { child, line } = await startNode(here('support/raw-server.js'));
try {
  const origin = `http://127.0.0.1:${line}`;
  await check(origin, { rate: '2000/s', for: '1s' }); // Both sides warm.
  const all = [];
  for (const rate of rates) all.push(await costs(origin, rate));
  const wrkFigures = await fastest(origin);
  printCosts(all, wrkFigures);
  const errors = await percentiles();
  const [own, theirs] = [medianErrors(errors.check), errors.hey.length > 0 ? medianErrors(errors.hey) : null];
  console.log();
  printTable([
    ['error against known delays, ms', 'p50', 'p90', 'p99', 'p99.9'],
    ['load check', ...Object.values(own).map((error) => digits(error, 2))],
    ...(theirs ? [['hey', ...Object.values(theirs).map((error) => digits(error, 2))]] : []),
  ]);
  const rateErrorPct = Math.max(
    ...all.map(({ asked, own: { rate } }) => (Math.abs(rate - asked) / asked) * 100),
  );
  const [last] = all.toReversed();
  console.log(
    JSON.stringify({
      rates: all.map(({ asked, own: kept, hey: peer }) => ({
        asked,
        kept: rounded(kept.rate, 1),
        cpuUsPerRequest: rounded(kept.costUs, 1),
        heyKept: peer && rounded(peer.rate, 1),
        heyCpuUsPerRequest: peer && rounded(peer.costUs, 1),
      })),
      rateErrorPct: rounded(rateErrorPct, 3),
      cpuVsHey: last.hey && rounded(last.own.costUs / last.hey.costUs, 3),
      wrk: wrkFigures && {
        rate: rounded(wrkFigures.rate, 0),
        cpuUsPerRequest: rounded(wrkFigures.costUs, 1),
      },
      percentileErrorMs: own,
      heyPercentileErrorMs: theirs,
      runs,
      seconds,
    }),
  );
} finally {
  child.kill();
}

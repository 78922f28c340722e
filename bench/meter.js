/**
 * The meter against wrk, and how well it keeps its times. One raw socket server on Node, in a process of its own; each
 * figure is the median of several runs, which alternate. Beside each precise run stands a bare loop that only looks at
 * the clock: how late that is at its p99 is the machine's doing, and no program can do better there.
 */
import { fileURLToPath } from 'node:url';
import { startMeter } from '../src/traffic/meter.ts';
import { median, printTable } from './support/figures.js';
import { isInstalled, startNode, wrkRate } from './support/programs.js';

const runs = Number(process.env.BENCH_RUNS || 5);
const seconds = Number(process.env.BENCH_SECONDS || 3);
const connections = 64;

const plan = {
  method: 'GET',
  path: '/',
  headers: {},
  body: undefined,
  durationMs: undefined,
  connections: 'keep-alive',
  maxConnections: connections,
  timeoutMs: 5_000,
  expectStatus: 200,
  version: undefined,
  mode: 'cheap',
};

/** One run of the meter; `cpuPct` is of one core, for this whole process. */
async function measure(over) {
  const before = process.cpuUsage();
  const began = performance.now();
  const meter = await startMeter({ ...plan, ...over });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const report = await meter.stop();
  const { user, system } = process.cpuUsage(before);
  if (report.failed > 0) throw new Error(`${report.failed} failed: ${JSON.stringify(report.examples)}`);
  const due = (report.rate * report.durationMs) / 1_000;
  return {
    rate: (report.answered * 1_000) / report.durationMs,
    errorP50Us: report.sendErrorUs.p50,
    errorP99Us: report.sendErrorUs.p99,
    errorMaxUs: report.sendErrorUs.max,
    lateSends: report.lateSends,
    rateErrorPct: (Math.abs(report.sent - due) / due) * 100,
    cpuPct: (user + system) / 10 / (performance.now() - began),
  };
}

const digits = (number, places = 0) => number.toFixed(places);

async function saturation(origin) {
  const ours = [];
  const theirs = [];
  for (let i = 0; i < runs; i += 1) {
    ours.push((await measure({ origin, rate: 'max' })).rate);
    if (isInstalled('wrk')) theirs.push(await wrkRate(`${origin}/`, { connections, seconds }));
  }
  const ratios = theirs.map((rate, i) => ours[i] / rate);
  printTable([
    [`saturation, ${connections} connections`, 'requests/s', 'of wrk'],
    ['meter (closed loop)', digits(median(ours)), theirs.length > 0 ? digits(median(ratios), 2) : 'n/a'],
    ['wrk -t1', theirs.length > 0 ? digits(median(theirs)) : 'skipped: wrk is not installed', ''],
  ]);
  return {
    saturatedRate: Math.round(median(ours)),
    wrkRate: theirs.length > 0 ? Math.round(median(theirs)) : null,
    vsWrk: theirs.length > 0 ? Number(digits(median(ratios), 3)) : null,
  };
}

/** How late a loop without any work notices that a tick is due, p99 in microseconds. */
function bareLoopP99Us(rate) {
  const late = [];
  const began = performance.now();
  for (let n = 0; n < rate * seconds; n += 1) {
    const due = began + (n * 1_000) / rate;
    let now = performance.now();
    while (now < due) now = performance.now();
    late.push(now - due);
  }
  return Math.round(late.sort((a, b) => a - b)[Math.ceil(late.length * 0.99) - 1] * 1_000);
}

async function precision(origin) {
  const result = { sendErrorP99Us: {}, bestP99Us: {}, rateErrorPct: {}, cpuPct: {}, bareLoopP99Us: {} };
  const rows = [
    [
      'open loop',
      'rate/s',
      'error p50 µs',
      'p99 µs',
      'best p99',
      'bare loop',
      'max µs',
      'late',
      'rate error %',
      'CPU %',
    ],
  ];
  for (const mode of ['precise', 'cheap']) {
    for (const figures of Object.values(result)) figures[mode] = {};
    for (const rate of [200, 1_000, 10_000]) {
      const all = [];
      const bare = [];
      for (let i = 0; i < runs; i += 1) {
        all.push(await measure({ origin, mode, rate }));
        if (mode === 'precise') bare.push(bareLoopP99Us(rate));
      }
      const of = (key) => median(all.map((one) => one[key]));
      result.sendErrorP99Us[mode][rate] = of('errorP99Us');
      result.bestP99Us[mode][rate] = Math.min(...all.map((one) => one.errorP99Us));
      if (mode === 'precise') result.bareLoopP99Us.precise[rate] = median(bare);
      result.rateErrorPct[mode][rate] = Number(digits(of('rateErrorPct'), 4));
      result.cpuPct[mode][rate] = Number(digits(of('cpuPct'), 1));
      const best = [result.bestP99Us[mode][rate], mode === 'precise' ? median(bare) : ''];
      const [p50, p99, max, late] = ['errorP50Us', 'errorP99Us', 'errorMaxUs', 'lateSends'].map(of);
      rows.push([
        mode,
        rate,
        p50,
        p99,
        ...best,
        max,
        late,
        digits(of('rateErrorPct'), 4),
        digits(of('cpuPct'), 1),
      ]);
    }
  }
  console.log();
  printTable(rows);
  return result;
}

const { child, line } = await startNode(fileURLToPath(new URL('support/raw-server.js', import.meta.url)));
try {
  const origin = `http://127.0.0.1:${line}`;
  await measure({ origin, rate: 'max' }); // Both sides warm.
  const saturated = await saturation(origin);
  const precise = await precision(origin);
  console.log(JSON.stringify({ ...saturated, ...precise, runs, seconds }));
} finally {
  child.kill();
}

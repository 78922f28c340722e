/**
 * How exact faults are and how fast they come and go: injected latency, bandwidth and error share against what was asked;
 * from the start of the command to the first fault; the end of a fault; the told recovery against what was seen from outside.
 */
import { measureExperiments } from './chaos/experiments.js';
import { measureNetwork } from './chaos/network.js';
import { median, printTable } from './support/figures.js';

const rounds = Number(process.env.BENCH_ROUNDS || 5);
const digits = (number, places = 1) =>
  number === undefined || number === null ? 'n/a' : number.toFixed(places);
const middle = (numbers) => Number(median(numbers).toFixed(1));

const network = await measureNetwork();
const seen = await measureExperiments(rounds);
const one = network.latency.find(({ connections }) => connections === 1);
const many = network.latency.find(({ connections }) => connections === 64);
const bandwidthErrorPct = Math.max(...network.bandwidth.map(({ errorPct }) => Math.abs(errorPct)));

printTable([
  ['fault', 'measured', 'goal'],
  [
    'latency, p99 over asked and the trip without it, 1 connection',
    `${digits(one.addedP99, 2)} ms`,
    '≤ 1 ms',
  ],
  [
    'latency, p99 over asked and the trip without it, 64 connections',
    `${digits(many.addedP99, 2)} ms`,
    '≤ 6 ms',
  ],
  ['bandwidth, worst error', `${digits(bandwidthErrorPct, 2)} %`, ''],
  [
    'http-error, share',
    `${digits(network.httpError.measured * 100, 2)} % of ${digits(network.httpError.share * 100, 0)} % asked`,
    `± ${digits(network.httpError.bound * 100, 2)} %`,
  ],
  [
    'command to first fault, median (worst)',
    `${digits(median(seen.firstFaultMs), 0)} ms (${digits(Math.max(...seen.firstFaultMs), 0)})`,
    '≤ 5 s',
  ],
  ['end of a latency fault, median', `${digits(median(seen.latencyRevertMs))} ms`, ''],
  ['end of a kill, median', `${digits(median(seen.killRevertMs))} ms`, ''],
  [
    'start of the outage as told, error, median (worst)',
    `${digits(median(seen.detectErrorMs), 0)} ms (${digits(Math.max(...seen.detectErrorMs), 0)})`,
    '≤ 200 ms',
  ],
  [
    'recovery as told, error, median (worst)',
    `${digits(median(seen.recoveryErrorMs), 0)} ms (${digits(Math.max(...seen.recoveryErrorMs), 0)})`,
    '≤ 200 ms',
  ],
]);
console.log(
  JSON.stringify({
    latencyExcessP99Ms: { 1: one.addedP99, 64: many.addedP99 },
    roundTripOverAskedP99Ms: { 1: one.excessP99, 64: many.excessP99 },
    bandwidthErrorPct,
    httpError: network.httpError,
    firstFaultMs: middle(seen.firstFaultMs),
    firstFaultMsMax: Math.max(...seen.firstFaultMs),
    revertMs: { latency: middle(seen.latencyRevertMs), kill: middle(seen.killRevertMs) },
    detectErrorMs: middle(seen.detectErrorMs),
    recoveryErrorMs: middle(seen.recoveryErrorMs),
    recoveryErrorMsMax: Math.max(...seen.recoveryErrorMs),
    rounds,
  }),
);

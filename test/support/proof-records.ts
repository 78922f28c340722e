/** Records with what smoke and chaos come to, as real runs give them. */
import type { ChaosEvidence, CheckRecord, ExperimentRecord, SmokeEvidence } from '../../src/report/proof.ts';
import type { ReleaseRecord } from '../../src/report/record.ts';
import type { MeterReport } from '../../src/traffic/report.ts';
import { meterReport } from './meter-report.ts';

const startedAt = Date.UTC(2026, 10, 21, 9, 40, 0);

const check = (name: string, more: Partial<CheckRecord> = {}): CheckRecord => ({
  name,
  kind: 'http',
  component: 'gateway',
  verdict: 'passed',
  detail: '200 in 3 ms',
  attempts: 1,
  atMs: 4,
  durationMs: 5.2,
  ...more,
});

const steady: readonly CheckRecord[] = [
  check('version', { kind: 'version', detail: 'v2' }),
  check('healthy'),
  check('ticks', { kind: 'websocket', detail: '1 message in 12 ms', durationMs: 14 }),
];

export const smokeOnStandby: SmokeEvidence = {
  aim: 'standby',
  startedAt,
  durationMs: 812,
  verdict: 'passed',
  reason: '4 of 4 passed',
  checks: [
    ...steady,
    check('orders', {
      verdict: 'passed',
      finding: 'flaky-recovered',
      detail: '201 in 4 ms',
      attempts: 3,
      durationMs: 510,
    }),
  ],
};

const smokeOnLive: SmokeEvidence = {
  aim: 'live',
  startedAt: startedAt + 9_000,
  durationMs: 5_020,
  verdict: 'failed',
  reason: 'ticks is unhealthy',
  checks: [
    ...steady.slice(0, 2),
    check('ticks', {
      kind: 'websocket',
      verdict: 'failed',
      finding: 'unhealthy',
      detail: 'no message within 2 s',
      attempts: 8,
      durationMs: 5_010,
    }),
    check('database', {
      kind: 'postgres',
      verdict: 'inconclusive',
      finding: 'unreachable-from-here',
      detail: 'db.internal:5432 does not resolve',
      next: 'run this check on a runner inside the network',
    }),
    check('prices', {
      verdict: 'inconclusive',
      finding: 'skipped',
      detail: 'needs ticks, which failed',
      attempts: 0,
    }),
  ],
};

/** 12 s of traffic: 4 s before, 4 s under the fault, 4 s after it. */
function experimentMeter(seed: number, fault: { failShare?: number; addMs?: number }): MeterReport {
  const whole = meterReport({
    seed,
    startedAt: startedAt + 1_000,
    windows: 120,
    rate: 200,
    first: { color: 'green', version: 'v2' },
    turns: [
      { atMs: 4_000, color: 'green', version: 'v2', ...fault },
      { atMs: 8_000, color: 'green', version: 'v2' },
    ],
  });
  const part = (name: string, startMs: number) => ({
    name,
    startMs,
    durationMs: 4_000,
    sent: 800,
    answered: name === 'fault' ? Math.round(800 * (1 - (fault.failShare ?? 0))) : 800,
    failed: name === 'fault' ? Math.round(800 * (fault.failShare ?? 0)) : 0,
    byColor: { green: 800 },
    latency: whole.latency,
    longestGapMs: 12,
  });
  return { ...whole, sections: [part('before', 0), part('fault', 4_000), part('recovery', 8_000)] };
}

const latency: ExperimentRecord = {
  name: 'slow network',
  aim: 'standby',
  verdict: 'passed',
  reason: 'p99 and error rate were kept, and it was steady again after 210 ms',
  startedAt,
  durationMs: 13_200,
  steadyBefore: 'passed',
  steadyAfter: 'passed',
  faults: [
    {
      id: 'slow-network/1',
      kind: 'latency',
      component: 'gateway',
      color: 'green',
      targets: [],
      injectedAt: startedAt + 5_000,
      revertedAt: startedAt + 9_000,
      injectMs: 3.1,
      revertMs: 4.4,
      witnessed: 'passed',
      witness: 'round trip +99.6 ms of 100 ms asked',
    },
  ],
  gates: [
    { name: 'p99', verdict: 'passed', measured: '108 ms', limit: '<150ms' },
    { name: 'error-rate', verdict: 'passed', measured: '0 %', limit: '<1%' },
  ],
  recovery: { detectMs: 60, firstSuccessMs: 0, stableMs: 4_210, windows: 10, windowMs: 100 },
  meter: experimentMeter(11, { addMs: 100 }),
  checks: steady,
};

const kill: ExperimentRecord = {
  name: 'kill one gateway',
  aim: 'standby',
  verdict: 'failed',
  reason: 'recovery: 4.9 s, limit <2s; 3 acknowledged writes are lost',
  startedAt: startedAt + 14_000,
  durationMs: 15_800,
  steadyBefore: 'passed',
  steadyAfter: 'passed',
  faults: [
    {
      id: 'kill-one-gateway/1',
      kind: 'kill',
      component: 'gateway',
      color: 'green',
      targets: ['gateway/green-1'],
      injectedAt: startedAt + 5_000,
      revertedAt: startedAt + 5_002,
      injectMs: 1.2,
      revertMs: 2,
      witnessed: 'passed',
      witness: 'process 4711 is gone, 4718 took its place',
    },
  ],
  gates: [{ name: 'recovery', verdict: 'failed', measured: '4.9 s', limit: '<2s' }],
  recovery: { detectMs: 40, firstSuccessMs: 810, stableMs: 4_900, windows: 10, windowMs: 100 },
  ledger: {
    verdict: 'failed',
    acknowledged: 412,
    unknown: 9,
    found: 409,
    lost: 3,
    duplicated: 0,
    reordered: 0,
    detail: '3 of 412 acknowledged writes are lost: 118, 119, 120',
  },
  abortedAfterMs: 640,
  meter: experimentMeter(12, { failShare: 0.4 }),
  checks: steady,
};

const zero: ExperimentRecord = {
  name: 'pause the risk engine',
  aim: 'live',
  verdict: 'inconclusive',
  reason: 'no instance was left to choose',
  startedAt: startedAt + 30_000,
  durationMs: 40,
  faults: [],
  gates: [],
  checks: [],
};

const evidence: ChaosEvidence = {
  seed: 'a3f09c',
  startedAt,
  durationMs: 30_100,
  verdict: 'failed',
  reason: '1 of 3 experiments failed: kill one gateway',
  experiments: [latency, kill, zero],
};

function alone(more: Partial<ReleaseRecord>): ReleaseRecord {
  return {
    schema: 'cutover/record/v1',
    id: '20261121T094000Z-51ce77',
    application: 'trading',
    environment: 'production',
    target: 'local',
    release: { id: 'v2-9f86d081884c', version: 'v2', artifacts: {} },
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(startedAt + 31_000).toISOString(),
    verdict: 'failed',
    slo: { errorRate: 0, p99Ms: 50 },
    stages: [],
    origin: 'https://github.com/acme/trading/actions/runs/4712',
    ...more,
  };
}

/** Checks alone: one is unhealthy, one cannot be reached from here, one was skipped. */
export const smokeRecord = (): ReleaseRecord => alone({ smoke: [smokeOnLive] });

/** Three experiments: one passed, one failed and lost data, one had nobody to aim at. */
export const chaosRecord = (): ReleaseRecord => alone({ chaos: evidence });

/** What a release adds to its record that was proven on standby and on the live route. */
export const proofs = { smoke: [smokeOnStandby, smokeOnLive], chaos: evidence };

/** Release records as real runs give them, made from a seed: the same call always gives the same record. */
import type { Color } from '../../src/config/model.ts';
import type {
  CutoverEvidence,
  GateRecord,
  ReleaseRecord,
  StageRecord,
  StepRecord,
  SwitchRecord,
} from '../../src/report/record.ts';
import { type MeterOptions, meterReport } from './meter-report.ts';
import { chaosRecord, proofs, smokeRecord } from './proof-records.ts';

const startedAt = Date.UTC(2026, 10, 21, 9, 30, 0);
const iso = (ms: number): string => new Date(ms).toISOString();
const digest = (character: string): string => `sha256:${character.repeat(64)}`;

function step(name: string, atMs: number, durationMs: number, more: Partial<StepRecord> = {}): StepRecord {
  return { step: name, reason: 'next step of the plan', atMs, durationMs, outcome: 'done', ...more };
}

const gate = (name: string, verdict: GateRecord['verdict'], measured: string, limit: string): GateRecord => ({
  name,
  verdict,
  measured,
  limit,
});

function stage(name: string, more: Partial<StageRecord> = {}): StageRecord {
  const durations: Record<string, number> = { validate: 12, build: 84, cutover: 34_600 };
  return {
    name,
    verdict: 'passed',
    startedAt: iso(startedAt),
    durationMs: durations[name] ?? 0,
    summary: { validate: 'cutover.yml holds', build: '1 component packed' }[name] ?? 'done',
    findings: [],
    ...more,
  };
}

function base(more: Partial<ReleaseRecord>): ReleaseRecord {
  return {
    schema: 'cutover/record/v1',
    id: '20261121T093000Z-4be1c0',
    application: 'trading',
    environment: 'production',
    target: 'local',
    release: {
      id: 'v2-9f86d081884c',
      version: 'v2',
      sha: '9b1c3f0d2a7e4b6588c1d0e2f3a4b5c6d7e8f901',
      artifacts: { gateway: { digest: digest('9') } },
    },
    startedAt: iso(startedAt),
    finishedAt: iso(startedAt + 34_700),
    verdict: 'passed',
    slo: { errorRate: 0, p99Ms: 50 },
    stages: [stage('validate'), stage('build'), stage('cutover', { summary: 'green is live with v2' })],
    origin: 'https://github.com/acme/trading/actions/runs/4711',
    ...more,
  };
}

function evidence(more: Partial<CutoverEvidence>): CutoverEvidence {
  return {
    mode: 'apply',
    startedAt,
    result: 'cut-over',
    reason: 'every gate held through verify and 20 s of bake',
    live: { gateway: { color: 'green', version: 'v2' } },
    steps: [],
    switches: [],
    gates: [],
    residualOld: 0,
    keptUntil: {},
    ...more,
  };
}

const switchOf = (at: number, more: Partial<SwitchRecord> = {}): SwitchRecord => ({
  component: 'gateway',
  from: 'blue',
  to: 'green',
  kind: 'switch',
  at,
  routeVersion: 8,
  writeMs: 2.1,
  firstNewMs: 0.8,
  lastOldMs: 2.6,
  verifiedMs: 11.4,
  ...more,
});

const preparation = (component?: string): StepRecord[] => {
  const of = component === undefined ? {} : { component };
  return [
    step('refuse', 0, 3, { reason: 'nothing newer is live and no other run is at work' }),
    step('lease', 3, 6, { reason: 'one run at a time may write', detail: 'token 8' }),
    step('plan', 9, 2, { reason: 'v2 differs from v1 in 1 component' }),
    step('prepare', 11, 1_870, { ...of, reason: 'green is down and has to serve v2' }),
    step('preflight', 1_881, 220, { ...of, reason: '2 of 2 instances healthy with v2' }),
    step('meter', 2_101, 40, { reason: 'requests are measured before anything changes' }),
  ];
};

const instances = (version: string, color: Color = 'green') =>
  [1, 2].map((n) => ({
    id: `gateway/${color}-${n}`,
    component: 'gateway',
    color,
    status: 'ready',
    version,
    restarts: 0,
  }));

const switchAt = 8_000;
const meterStart = startedAt + 2_140;

/** v2 goes live: nothing fails. 300 windows unless told otherwise. */
export function cleanRecord(options: Partial<MeterOptions> = {}): ReleaseRecord {
  const meter = meterReport({
    seed: 1,
    startedAt: meterStart,
    windows: 300,
    rate: 600,
    turns: [{ atMs: switchAt, color: 'green', version: 'v2' }],
    ...options,
  });
  const at = meterStart + (options.turns?.[0]?.atMs ?? switchAt);
  const from = at - startedAt;
  return base({
    cutover: evidence({
      steps: [
        ...preparation('gateway'),
        step('switch', from, 2.4, {
          component: 'gateway',
          reason: 'green is ready and the preflight passed',
        }),
        step('verify', from + 3, 180, {
          component: 'gateway',
          reason: 'a write is not done until it is seen',
        }),
        step('bake', from + 183, 20_000, { reason: 'gates watch for 20 s before blue goes' }),
        step('retire', from + 20_183, 3_900, { component: 'gateway', reason: 'blue has been quiet for 3 s' }),
        step('record', from + 24_083, 8, { reason: 'the release is complete' }),
      ],
      switches: [switchOf(at)],
      gates: [
        gate('failed requests', 'passed', `0 of ${meter.sent.toLocaleString('en')}`, 'at most 0'),
        gate('p99', 'passed', `${meter.latency?.p99 ?? '?'} ms`, 'below 50 ms'),
        gate('health of green', 'passed', '2 of 2 instances ready', 'all ready'),
        gate('version of green', 'passed', 'v2', 'v2'),
      ],
      switchMs: 13.5,
      keptUntil: { gateway: startedAt + 634_000 },
      instances: [...instances('v1', 'blue'), ...instances('v2')],
      meter,
    }),
  });
}

/** v3 fails 5 % of its requests from 3 s after the switch; v2 is brought back. */
export function rollbackRecord(): ReleaseRecord {
  const bad = switchAt + 3_000;
  const back = bad + 420;
  const meter = meterReport({
    seed: 2,
    startedAt: meterStart,
    windows: 160,
    rate: 300,
    first: { color: 'green', version: 'v2' },
    turns: [
      { atMs: switchAt, color: 'blue', version: 'v3' },
      { atMs: bad, color: 'blue', version: 'v3', failShare: 0.05 },
      { atMs: back, color: 'green', version: 'v2' },
    ],
  });
  const at = meterStart + switchAt;
  const from = at - startedAt;
  return base({
    verdict: 'failed',
    release: { id: 'v3-77ac01de55b0', version: 'v3', artifacts: { gateway: { digest: digest('7') } } },
    finishedAt: iso(startedAt + 19_000),
    stages: [
      stage('validate'),
      stage('build'),
      stage('cutover', {
        verdict: 'failed',
        durationMs: 18_700,
        summary: `rolled back: ${meter.failed} requests failed, at most 0 may`,
        findings: [
          {
            level: 'error',
            rule: 'failed-requests',
            message: `${meter.failed} requests failed with v3, at most 0 may`,
          },
          {
            level: 'warning',
            rule: 'error-rate',
            message: 'v3 answered 500 to 5 % of the requests from 3 s after the switch',
          },
        ],
      }),
    ],
    cutover: evidence({
      result: 'rolled-back',
      reason: `${meter.failed} requests failed during the bake, at most 0 may`,
      live: { gateway: { color: 'green', version: 'v2' } },
      steps: [
        ...preparation('gateway'),
        step('switch', from, 2.2, { component: 'gateway', reason: 'blue is ready and the preflight passed' }),
        step('verify', from + 3, 170, {
          component: 'gateway',
          reason: 'a write is not done until it is seen',
        }),
        step('bake', from + 173, 3_190, {
          reason: 'gates watch for 20 s before green goes',
          outcome: 'failed',
          detail: 'failed requests: 1, at most 0',
        }),
        step('rollback', from + 3_363, 96, {
          component: 'gateway',
          reason: 'a gate was breached during the bake',
        }),
        step('retire', from + 3_459, 3_400, {
          component: 'gateway',
          reason: 'blue with v3 is not needed any more',
        }),
        step('record', from + 6_859, 9, { reason: 'the release is complete' }),
      ],
      switches: [
        switchOf(at, { from: 'green', to: 'blue' }),
        switchOf(meterStart + back, {
          from: 'blue',
          to: 'green',
          kind: 'rollback',
          routeVersion: 9,
          writeMs: 1.9,
          firstNewMs: 0.6,
          lastOldMs: 3.8,
          verifiedMs: 9.2,
        }),
      ],
      gates: [
        gate(
          'failed requests',
          'failed',
          `${meter.failed} of ${meter.sent.toLocaleString('en')}`,
          'at most 0',
        ),
        gate('p99', 'passed', `${meter.latency?.p99 ?? '?'} ms`, 'below 50 ms'),
        gate('health of blue', 'passed', '2 of 2 instances ready', 'all ready'),
      ],
      rollback: {
        reason: 'failed requests: 1, at most 0',
        breachAt: meterStart + back - 86,
        verifiedAfterMs: 96,
      },
      switchMs: 12.1,
      instances: instances('v2'),
      meter,
    }),
  });
}

/** v4 answers 80 ms slower from 3 s after the switch; p99 is breached and v2 is brought back. */
export function slowRecord(): ReleaseRecord {
  const record = rollbackRecord();
  const meter = meterReport({
    seed: 3,
    startedAt: meterStart,
    windows: 160,
    rate: 300,
    first: { color: 'green', version: 'v2' },
    turns: [
      { atMs: switchAt, color: 'blue', version: 'v4' },
      { atMs: switchAt + 3_000, color: 'blue', version: 'v4', addMs: 80 },
      { atMs: switchAt + 4_100, color: 'green', version: 'v2' },
    ],
  });
  const { cutover } = record;
  if (cutover === undefined) throw new Error('the rollback has a cutover');
  return {
    ...record,
    release: { ...record.release, id: 'v4-0c11aa9371fe', version: 'v4' },
    cutover: {
      ...cutover,
      reason: `p99 was ${meter.latency?.p99} ms during the bake, below 50 ms is asked for`,
      switches: cutover.switches.map((one, i) =>
        i === 0 ? one : { ...one, at: meterStart + switchAt + 4_100 },
      ),
      gates: [
        gate('failed requests', 'passed', `0 of ${meter.sent.toLocaleString('en')}`, 'at most 0'),
        gate('p99', 'failed', `${meter.latency?.p99} ms`, 'below 50 ms'),
      ],
      rollback: {
        reason: 'p99 of the bake: 84 ms, below 50 ms',
        breachAt: meterStart + switchAt + 3_990,
        verifiedAfterMs: 121,
      },
      meter,
    },
  };
}

/** An older release than the live one: nothing was written, nothing measured. */
export function refusedRecord(): ReleaseRecord {
  return base({
    verdict: 'failed',
    release: { id: 'v1-aaaaaaaaaaaa', version: 'v1', artifacts: { gateway: { digest: digest('a') } } },
    stages: [
      stage('validate'),
      stage('build'),
      stage('cutover', {
        verdict: 'failed',
        durationMs: 14,
        summary: 'refused: v1 is older than v2, which is live',
        findings: [
          { level: 'error', rule: 'stale-release', message: 'v1 is an ancestor of v2, which is live' },
        ],
      }),
    ],
    cutover: evidence({
      result: 'refused',
      reason: 'v1 is an ancestor of v2, which is live',
      steps: [step('refuse', 0, 4, { outcome: 'failed', reason: 'v1 is an ancestor of v2, which is live' })],
    }),
  });
}

/** `mode: plan`: what would be done. */
export function planRecord(): ReleaseRecord {
  const planned = (name: string) => step(name, 0, 0, { outcome: 'planned', component: 'gateway' });
  return base({
    cutover: evidence({
      mode: 'plan',
      result: 'ready',
      reason: 'green would be prepared with v2 and made live',
      live: { gateway: { color: 'blue', version: 'v1' } },
      steps: ['prepare', 'preflight', 'switch', 'verify', 'bake', 'retire'].map(planned),
    }),
  });
}

/** v5 never becomes ready: blue stays live, no traffic was switched. */
export function neverReadyRecord(): ReleaseRecord {
  return base({
    verdict: 'failed',
    release: { id: 'v5-51ab51ab51ab', version: 'v5', artifacts: { gateway: { digest: digest('5') } } },
    stages: [
      stage('validate'),
      stage('build'),
      stage('cutover', {
        verdict: 'failed',
        durationMs: 30_080,
        summary: 'green did not become ready within 30 s',
        findings: [
          { level: 'error', rule: 'unhealthy', message: 'gateway/green-1 answered 503 on /health for 30 s' },
        ],
      }),
    ],
    cutover: evidence({
      result: 'unchanged',
      reason: 'green did not become ready within 30 s: /health answers 503',
      live: { gateway: { color: 'blue', version: 'v1' } },
      steps: [
        ...preparation('gateway').slice(0, 3),
        step('prepare', 11, 30_000, {
          component: 'gateway',
          reason: 'green is down and has to serve v5',
          outcome: 'failed',
          detail: 'gateway/green-1 answered 503 on /health',
        }),
      ],
      instances: instances('v1', 'blue'),
    }),
  });
}

/** Eight components switched together. */
export function multiComponentRecord(): ReleaseRecord {
  const record = cleanRecord();
  const names = ['gateway', 'risk', 'orders', 'ticks', 'matching', 'ledger', 'reports', 'admin'];
  const { cutover } = record;
  if (cutover === undefined) throw new Error('a clean cutover has evidence');
  const each = names.flatMap((component, n) => [
    step('prepare', 11 + n * 40, 1_400 + 90 * n, { component }),
    step('switch', 10_140 + n * 3, 2.3, { component }),
    step('verify', 10_180 + n * 3, 170, { component }),
    step('retire', 30_300 + n * 5, 3_800, { component }),
  ]);
  return {
    ...record,
    release: {
      ...record.release,
      artifacts: Object.fromEntries(names.map((name, n) => [name, { digest: digest(String(n)) }])),
    },
    cutover: {
      ...cutover,
      live: Object.fromEntries(names.map((name) => [name, { color: 'green', version: 'v2' }])),
      steps: [
        ...preparation().filter((one) => !['prepare', 'preflight'].includes(one.step)),
        ...each,
        step('bake', 10_400, 20_000),
        step('record', 34_200, 9),
      ].sort((a, b) => a.atMs - b.atMs),
      switches: names.map((component, n) => switchOf(meterStart + switchAt + n * 3, { component })),
    },
  };
}

/** A cutover whose requests nobody measured: live, and inconclusive. */
export function unmeasuredRecord(): ReleaseRecord {
  const record = cleanRecord();
  const { meter: _, ...cutover } = record.cutover ?? evidence({});
  return {
    ...record,
    verdict: 'inconclusive',
    cutover: {
      ...cutover,
      gates: [gate('failed requests', 'inconclusive', 'not measured', 'at most 0')],
    },
  };
}

/** Only stages, no cutover. */
export function stagesOnlyRecord(): ReleaseRecord {
  return base({
    verdict: 'failed',
    stages: [
      stage('validate', {
        verdict: 'failed',
        summary: '1 problem in cutover.yml',
        findings: [
          {
            level: 'error',
            rule: 'schema',
            message: '"80x" is not a whole number',
            place: { file: 'cutover.yml', line: 7, column: 11 },
          },
        ],
      }),
    ],
  });
}

/** Every record of this file under the name of its fixture. */
export const records: Readonly<Record<string, () => ReleaseRecord>> = {
  smoke: smokeRecord,
  chaos: chaosRecord,
  proven: () => ({ ...cleanRecord(), ...proofs }),
  clean: cleanRecord,
  rollback: rollbackRecord,
  slow: slowRecord,
  refused: refusedRecord,
  plan: planRecord,
  'never-ready': neverReadyRecord,
  'multi-component': multiComponentRecord,
  unmeasured: unmeasuredRecord,
  'stages-only': stagesOnlyRecord,
  long: () =>
    cleanRecord({ windows: 6_000, rate: 300, turns: [{ atMs: 240_000, color: 'green', version: 'v2' }] }),
  short: () => cleanRecord({ windows: 10, turns: [{ atMs: 400, color: 'green', version: 'v2' }] }),
};

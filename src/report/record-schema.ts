import * as v from 'valibot';
import { failureKinds } from '../traffic/report.ts';
import type { ReleaseRecord } from './record.ts';

const verdict = v.picklist(['passed', 'failed', 'inconclusive', 'cancelled']);
const color = v.picklist(['blue', 'green']);
const text = v.string();
const number = v.pipe(v.number(), v.finite());
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const optional = v.optional;
const counts = v.record(text, whole);

const percentiles = v.object({ p50: amount, p90: amount, p99: amount, p999: amount, max: amount });

const failure = v.picklist(failureKinds);

const section = v.object({
  name: text,
  startMs: amount,
  durationMs: amount,
  sent: whole,
  answered: whole,
  failed: whole,
  unreachable: v.exactOptional(whole),
  byColor: counts,
  latency: optional(percentiles),
  longestGapMs: amount,
});

const trafficWindow = v.object({
  startMs: amount,
  sent: whole,
  answered: whole,
  failed: whole,
  byColor: counts,
  p50: optional(amount),
  p99: optional(amount),
  max: optional(amount),
});

const meter = v.object({
  mode: v.picklist(['cheap', 'precise']),
  rate: amount,
  startedAt: amount,
  durationMs: amount,
  sent: whole,
  answered: whole,
  failed: whole,
  // Records of before `unreachable` was told apart do not have it.
  failures: v.object({ ...v.entriesFromList(failureKinds, whole), unreachable: optional(whole, 0) }),
  examples: v.array(v.object({ atMs: number, kind: failure, detail: text })),
  byColor: counts,
  byVersion: counts,
  latency: optional(percentiles),
  longestGapMs: amount,
  longestGapAtMs: amount,
  lateSends: whole,
  sendErrorUs: optional(v.object({ p50: number, p99: number, max: number })),
  sections: v.array(section),
  windowMs: amount,
  windows: v.array(trafficWindow),
});

const finding = v.object({
  level: v.picklist(['error', 'warning', 'notice']),
  rule: text,
  message: text,
  place: v.exactOptional(
    v.object({ file: text, line: v.exactOptional(whole), column: v.exactOptional(whole) }),
  ),
});

const stage = v.object({
  name: text,
  verdict,
  startedAt: text,
  durationMs: amount,
  summary: text,
  findings: v.array(finding),
});

const step = v.object({
  step: text,
  component: v.exactOptional(text),
  reason: text,
  atMs: number,
  durationMs: amount,
  outcome: v.picklist(['done', 'failed', 'skipped', 'cancelled', 'planned']),
  detail: v.exactOptional(text),
});

const routeSwitch = v.object({
  component: text,
  from: optional(color),
  to: color,
  kind: v.picklist(['switch', 'rollback']),
  at: amount,
  routeVersion: whole,
  writeMs: amount,
  firstNewMs: v.exactOptional(number),
  lastOldMs: v.exactOptional(number),
  verifiedMs: v.exactOptional(number),
});

const instance = v.object({
  id: text,
  component: text,
  color,
  status: text,
  version: v.exactOptional(text),
  restarts: whole,
});

const gate = v.object({ name: text, verdict, measured: text, limit: text });

const cutover = v.object({
  mode: v.picklist(['apply', 'plan', 'rollback', 'recover']),
  startedAt: v.exactOptional(amount),
  result: v.picklist(['cut-over', 'rolled-back', 'unchanged', 'ready', 'refused']),
  reason: text,
  live: v.record(text, v.object({ color: optional(color), version: optional(text) })),
  steps: v.array(step),
  switches: v.array(routeSwitch),
  gates: v.array(gate),
  rollback: v.exactOptional(v.object({ reason: text, breachAt: amount, verifiedAfterMs: amount })),
  switchMs: v.exactOptional(amount),
  residualOld: whole,
  keptUntil: v.record(text, amount),
  instances: v.exactOptional(v.array(instance)),
  meter: v.exactOptional(meter),
});

const check = v.object({
  name: text,
  kind: text,
  component: v.exactOptional(text),
  verdict,
  finding: v.exactOptional(
    v.picklist(['unreachable-from-here', 'wrong-version', 'unhealthy', 'slow', 'flaky-recovered', 'skipped']),
  ),
  detail: text,
  next: v.exactOptional(text),
  attempts: whole,
  atMs: number,
  durationMs: amount,
  gates: v.exactOptional(v.array(gate)),
  meter: v.exactOptional(meter),
});

const smoke = v.object({
  aim: text,
  startedAt: amount,
  durationMs: amount,
  verdict,
  reason: text,
  checks: v.array(check),
});

const fault = v.object({
  id: text,
  kind: text,
  component: text,
  color: text,
  targets: v.array(text),
  injectedAt: v.exactOptional(amount),
  revertedAt: v.exactOptional(amount),
  injectMs: v.exactOptional(amount),
  revertMs: v.exactOptional(amount),
  witnessed: verdict,
  witness: text,
  left: v.exactOptional(text),
});

const recovery = v.object({
  detectMs: v.exactOptional(amount),
  firstSuccessMs: v.exactOptional(amount),
  stableMs: v.exactOptional(amount),
  windows: whole,
  windowMs: amount,
});

const ledger = v.object({
  verdict,
  acknowledged: whole,
  unknown: whole,
  found: whole,
  lost: whole,
  duplicated: whole,
  reordered: whole,
  detail: text,
});

const experiment = v.object({
  name: text,
  aim: text,
  verdict,
  reason: text,
  startedAt: amount,
  durationMs: amount,
  steadyBefore: v.exactOptional(verdict),
  steadyAfter: v.exactOptional(verdict),
  faults: v.array(fault),
  gates: v.array(gate),
  recovery: v.exactOptional(recovery),
  ledger: v.exactOptional(ledger),
  abortedAfterMs: v.exactOptional(amount),
  meter: v.exactOptional(meter),
  checks: v.array(check),
});

const chaos = v.object({
  seed: text,
  startedAt: amount,
  durationMs: amount,
  verdict,
  reason: text,
  experiments: v.array(experiment),
});

/** What a record file must hold; keys that it does not name are allowed, and dropped by reading. */
export const recordSchema = v.object({
  schema: v.literal('cutover/record/v1'),
  id: v.pipe(text, v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'not a record id')),
  application: text,
  environment: text,
  target: text,
  release: v.object({
    id: text,
    version: text,
    sha: v.exactOptional(text),
    artifacts: v.record(text, v.object({ digest: text })),
  }),
  startedAt: text,
  finishedAt: text,
  verdict,
  slo: v.exactOptional(v.object({ errorRate: v.exactOptional(amount), p99Ms: v.exactOptional(amount) })),
  stages: v.array(stage),
  cutover: v.exactOptional(cutover),
  smoke: v.exactOptional(v.array(smoke)),
  chaos: v.exactOptional(chaos),
  origin: v.exactOptional(text),
});

/** `T` as it comes back from JSON: a key whose value may be undefined may be missing. */
type Stored<T> = T extends readonly (infer Item)[]
  ? Stored<Item>[]
  : T extends object
    ? { [K in keyof T as undefined extends T[K] ? never : K]: Stored<T[K]> } & {
        [K in keyof T as undefined extends T[K] ? K : never]?: Stored<T[K]>;
      }
    : T;

type Parsed = v.InferOutput<typeof recordSchema>;

/** All keys required, so that a key which one side lacks shows even where it is optional. */
type Filled<T> = T extends readonly (infer Item)[]
  ? Filled<Item>[]
  : T extends object
    ? { [K in keyof T]-?: Filled<T[K]> }
    : T;

/** Fails to compile when the schema and the interfaces in record.ts or traffic/report.ts say different things. */
type Agrees<A extends B, B> = [A, B];
export type SchemaAgrees = [
  Agrees<Stored<ReleaseRecord>, Parsed>,
  Agrees<Parsed, Stored<ReleaseRecord>>,
  Agrees<Filled<ReleaseRecord>, Filled<Parsed>>,
  Agrees<Filled<Parsed>, Filled<ReleaseRecord>>,
];

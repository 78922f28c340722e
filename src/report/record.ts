import type { Color } from '../config/model.ts';
import type { Place } from '../platform/events.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { MeterReport } from '../traffic/report.ts';
import type { ChaosEvidence, SmokeEvidence } from './proof.ts';

/** How a cutover ended. */
export type CutoverResult = 'cut-over' | 'rolled-back' | 'unchanged' | 'ready' | 'refused';

export type CutoverMode = 'apply' | 'plan' | 'rollback' | 'recover';

/** One thing found by a stage. */
export interface Finding {
  level: 'error' | 'warning' | 'notice';
  /** What kind of thing: `schema`, `unhealthy`, `wrong-version` … */
  rule: string;
  message: string;
  place?: Place;
}

export interface StageRecord {
  name: string;
  verdict: Verdict;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** One sentence for people. */
  summary: string;
  findings: readonly Finding[];
}

/** One step that the cutover took, with the reason that it was decided for. */
export interface StepRecord {
  step: string;
  component?: string;
  reason: string;
  /** Milliseconds since the cutover's start. */
  atMs: number;
  durationMs: number;
  /** planned: what `plan` would do; nothing was written. */
  outcome: 'done' | 'failed' | 'skipped' | 'cancelled' | 'planned';
  detail?: string;
}

/** One write of a route. */
export interface SwitchRecord {
  component: string;
  from: Color | undefined;
  to: Color;
  kind: 'switch' | 'rollback';
  /** Milliseconds since 1970 of the write. */
  at: number;
  routeVersion: number;
  /** From asking for the write until it was durable. */
  writeMs: number;
  /** Milliseconds from the write; undefined where the target could not tell. */
  firstNewMs?: number;
  lastOldMs?: number;
  verifiedMs?: number;
}

export interface GateRecord {
  /** `failed requests`, `p99`, `error rate`, `health of green` … */
  name: string;
  verdict: Verdict;
  measured: string;
  limit: string;
}

/** One instance of a component as it stood when the cutover ended. */
export interface InstanceRecord {
  /** `gateway/green-1` */
  id: string;
  component: string;
  color: Color;
  /** `ready`, `exited` …, in the target's words. */
  status: string;
  version?: string;
  restarts: number;
}

/** Everything that a cutover did and saw. */
export interface CutoverEvidence {
  mode: CutoverMode;
  /** Milliseconds since 1970 from which `StepRecord.atMs` counts; absent: the start of the stage `cutover`. */
  startedAt?: number;
  result: CutoverResult;
  /** Why it ended like this, one sentence. */
  reason: string;
  /** Live colour of each component at the end; undefined: nothing is live. */
  live: Readonly<Record<string, { color: Color | undefined; version: string | undefined }>>;
  steps: readonly StepRecord[];
  switches: readonly SwitchRecord[];
  gates: readonly GateRecord[];
  /** Milliseconds from the breach being seen to the old colour's route being verified. */
  rollback?: { reason: string; breachAt: number; verifiedAfterMs: number };
  /** Milliseconds from asking for the first route write until every data plane was verified; undefined: not switched. */
  switchMs?: number;
  /** Requests and connections that the old colour still had at its drain deadline. */
  residualOld: number;
  /** By component; milliseconds since 1970 until which the old colour stays warm. */
  keptUntil: Readonly<Record<string, number>>;
  /** What ran at the end, where the target could tell. */
  instances?: readonly InstanceRecord[];
  /** Absent: requests were not measured. */
  meter?: MeterReport;
}

/** The service level that gates compare with; drawn as lines in the report. */
export interface SloRecord {
  /** Largest share of failed requests, 0..1. */
  errorRate?: number;
  p99Ms?: number;
}

/** The evidence of one release; written as JSON, described by schema/record.schema.json. */
export interface ReleaseRecord {
  schema: 'cutover/record/v1';
  /** Unique: `<UTC time>-<6 hex digits>`. */
  id: string;
  application: string;
  environment: string;
  target: string;
  release: {
    id: string;
    version: string;
    sha?: string;
    artifacts: Readonly<Record<string, { digest: string }>>;
  };
  startedAt: string;
  finishedAt: string;
  verdict: Verdict;
  slo?: SloRecord;
  stages: readonly StageRecord[];
  cutover?: CutoverEvidence;
  /** One entry for each time that checks were run: on standby, on the live route. */
  smoke?: readonly SmokeEvidence[];
  chaos?: ChaosEvidence;
  /** Where it ran: a workflow run's URL, or the host name. */
  origin?: string;
}

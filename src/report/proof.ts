import type { Verdict } from '../platform/verdict.ts';
import type { MeterReport } from '../traffic/report.ts';
import type { GateRecord } from './record.ts';

/** How one check of a smoke run ended. */
export interface CheckRecord {
  name: string;
  kind: string;
  component?: string;
  verdict: Verdict;
  /** What was wrong; `flaky-recovered`: it passed, but not at once. Absent: nothing. */
  finding?: 'unreachable-from-here' | 'wrong-version' | 'unhealthy' | 'slow' | 'flaky-recovered' | 'skipped';
  /** What was seen, one sentence without secrets. */
  detail: string;
  /** What a person can do about it. */
  next?: string;
  attempts: number;
  /** Milliseconds since the run's start. */
  atMs: number;
  /** From the first try to the end of the last. */
  durationMs: number;
  /** Of a load check. */
  gates?: readonly GateRecord[];
  meter?: MeterReport;
}

/** One run of checks against one aim. */
export interface SmokeEvidence {
  /** `live`, `standby` or an address. */
  aim: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number;
  verdict: Verdict;
  /** One sentence. */
  reason: string;
  checks: readonly CheckRecord[];
}

/** How one fault of an experiment went. */
export interface FaultRecord {
  /** Unique in the run: `kill-one-gateway/1`. */
  id: string;
  kind: string;
  component: string;
  color: string;
  /** Ids of the instances that were chosen; the whole colour where it has none of its own. */
  targets: readonly string[];
  /** Milliseconds since 1970; absent: it was never injected. */
  injectedAt?: number;
  /** When it was gone and verified to be. */
  revertedAt?: number;
  /** From asking to acting, and from asking for the end to its being verified. Milliseconds. */
  injectMs?: number;
  revertMs?: number;
  witnessed: Verdict;
  /** What was measured against what was asked. */
  witness: string;
  /** What is left of it after the revert; absent: nothing. */
  left?: string;
}

/** How long the service needed to be itself again. Milliseconds from the injection; absent: not seen. */
export interface RecoveryRecord {
  /** Until the first failed or slow window. */
  detectMs?: number;
  /** From the first bad window to the first success after it. */
  firstSuccessMs?: number;
  /** From the first bad window to the first of N stable windows in a row. */
  stableMs?: number;
  /** Windows that had to be stable in a row, and their width. */
  windows: number;
  windowMs: number;
}

/** What acknowledged writes came to. */
export interface LedgerRecord {
  verdict: Verdict;
  acknowledged: number;
  /** Not acknowledged: they may have been done or not, and are not counted as lost. */
  unknown: number;
  found: number;
  lost: number;
  duplicated: number;
  reordered: number;
  /** One sentence; says why where it could not be verified. */
  detail: string;
}

/** One experiment. */
export interface ExperimentRecord {
  name: string;
  /** `standby` or `live`. */
  aim: string;
  verdict: Verdict;
  /** One sentence. */
  reason: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number;
  /** Checks and service level before the fault, and after the recovery. */
  steadyBefore?: Verdict;
  steadyAfter?: Verdict;
  faults: readonly FaultRecord[];
  gates: readonly GateRecord[];
  recovery?: RecoveryRecord;
  ledger?: LedgerRecord;
  /** Set when `abort-on` ended the fault: how long after the first breaching window, in milliseconds. */
  abortedAfterMs?: number;
  /** Traffic through the experiment; sections `before`, `fault`, `recovery`, `after`. */
  meter?: MeterReport;
  checks: readonly CheckRecord[];
}

/** All experiments of one run. */
export interface ChaosEvidence {
  /** Reproduces the choice of targets. */
  seed: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number;
  verdict: Verdict;
  reason: string;
  experiments: readonly ExperimentRecord[];
}

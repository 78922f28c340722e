import type { Component, CutoverPlan, Slo } from '../config/model.ts';
import { Cancelled } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import type {
  CutoverEvidence,
  CutoverMode,
  CutoverResult,
  Finding,
  GateRecord,
  SwitchRecord,
} from '../report/record.ts';
import type { KeptLease } from '../targets/lease.ts';
import type { Release, ReleaseRef, Target } from '../targets/target.ts';
import type { MeterReport, StartMeter } from '../traffic/report.ts';
import type { Operation } from './operation.ts';
import { Steps } from './steps.ts';

/** A check of the standby colour before it takes traffic; rejects with the finding. Later stages plug in here. */
export interface Preflight {
  name: string;
  run(standby: { component: Component; origins: readonly string[]; signal: AbortSignal }): Promise<void>;
}

export interface CutoverRequest {
  mode: CutoverMode;
  /** What goes live; undefined for `rollback` and `recover`. */
  release: Release | undefined;
  /** The components as `release` wants them (its version substituted). */
  componentsFor(release: ReleaseRef): Promise<Readonly<Record<string, Component>>>;
  settings: CutoverPlan;
  slo: Slo;
  target: Target;
  platform: Platform;
  startMeter: StartMeter;
  preflight: readonly Preflight[];
  /** Whether `older` is an ancestor of `newer`; undefined where nobody can tell. */
  isAncestor(older: string, newer: string): Promise<boolean | undefined>;
  allowOlder: 'yes' | 'no';
  /** Names this run to others: `https://…/runs/1` or `user@host pid 4711`. */
  holder: string;
  /** The command that resumes this run when it is interrupted. */
  resume: string;
  signal: AbortSignal;
  leaseTtlMs?: number;
}

export interface CutoverOutcome {
  verdict: Verdict;
  evidence: CutoverEvidence;
  findings: readonly Finding[];
}

/** How a run ended, decided at one place of the story. */
export interface Ending {
  verdict: Verdict;
  result: CutoverResult;
  reason: string;
}

/** The state of one run: what was asked, what is held, what was seen. */
export class Run {
  readonly request: CutoverRequest;
  readonly steps: Steps;
  readonly switches: SwitchRecord[] = [];
  readonly findings: Finding[] = [];
  readonly keptUntil: Record<string, number> = {};
  gates: readonly GateRecord[] = [];
  meter: MeterReport | undefined;
  rollback: CutoverEvidence['rollback'];
  switchMs: number | undefined;
  residualOld = 0;
  #lease: KeptLease | undefined;

  constructor(request: CutoverRequest) {
    this.request = request;
    this.steps = new Steps(request.platform);
  }

  get target(): Target {
    return this.request.target;
  }

  holds(lease: KeptLease): void {
    this.#lease = lease;
  }

  /** The fencing token that every write carries. */
  get token(): number {
    if (!this.#lease) throw new Error('a write was attempted without the lease');
    return this.#lease.token;
  }

  /** Aborts when the run is cancelled or has lost its lease. */
  get signal(): AbortSignal {
    return this.#lease ? AbortSignal.any([this.request.signal, this.#lease.lost]) : this.request.signal;
  }

  /** @throws Cancelled, or LeaseLost, instead of starting another mutation */
  check(): void {
    this.#lease?.lost.throwIfAborted();
    if (this.request.signal.aborted) throw this.cancelled();
  }

  cancelled(): Cancelled {
    return new Cancelled('cancelled; nothing more was changed', { next: this.request.resume });
  }

  note(level: Finding['level'], rule: string, message: string): void {
    this.findings.push({ level, rule, message });
    const shown = level === 'notice' ? 'notice' : level;
    this.request.platform.emit({ type: 'message', level: shown, text: message });
  }
}

/** The components of an operation's release. */
export function componentsOf(run: Run, operation: Operation): Promise<Readonly<Record<string, Component>>> {
  const { id, version, sha } = operation.release;
  return run.request.componentsFor({ id, version, sha });
}

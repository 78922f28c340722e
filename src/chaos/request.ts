import type { Component, Protect, Slo } from '../config/model.ts';
import type { Platform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { ChaosEvidence, CheckRecord } from '../report/proof.ts';
import type { Finding } from '../report/record.ts';
import type { Color, Target } from '../targets/target.ts';
import type { StartMeter } from '../traffic/report.ts';
import type { Experiment } from './schema.ts';

/** What the steady state asks of smoke, which chaos does not know. */
export interface ChecksRequest {
  /** Names; undefined: every check but those of kind load. */
  names: readonly string[] | undefined;
  aim: Experiment['aim'];
  signal: AbortSignal;
}

/** Runs checks and resolves with how each ended; an empty list where there are none. */
export type RunChecks = (request: ChecksRequest) => Promise<readonly CheckRecord[]>;

export interface ChaosRequest {
  /** plan: says what would be broken, and changes nothing. */
  mode: 'run' | 'plan';
  experiments: readonly Experiment[];
  /** By name, as the release wants them. */
  components: Readonly<Record<string, Component>>;
  protect: Protect;
  slo: Slo;
  target: Target;
  /** Which colour `standby` is, by component, where the caller knows; else the one that is not live. */
  standby?: Readonly<Record<string, Color>>;
  checks: RunChecks;
  startMeter: StartMeter;
  platform: Platform;
  /** Reproduces the choice of targets; undefined: a new one is made, and told. */
  seed: string | undefined;
  /** Of the lease that the caller holds; undefined: it is acquired here. */
  token: number | undefined;
  /** Names this run to others: `https://…/runs/1` or `user@host pid 4711`. */
  holder: string;
  signal: AbortSignal;
  leaseTtlMs?: number;
}

export interface ChaosOutcome {
  verdict: Verdict;
  evidence: ChaosEvidence;
  findings: readonly Finding[];
}

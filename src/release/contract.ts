import type { Problem } from '../config/model.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { ExperimentRecord } from '../report/proof.ts';
import type { CutoverMode, ReleaseRecord } from '../report/record.ts';
import type { Inventory, LeaseInfo } from '../targets/target.ts';
import type { ProvingStage } from './proofs.ts';

/** What the hosts ask for: one run over one environment. */
export interface ReleaseRequest {
  mode: CutoverMode;
  /** Path of cutover.yml. */
  configPath: string;
  /** Name under `environments`; undefined: the only one. */
  environment: string | undefined;
  /** Undefined: derived from the content that is packed. */
  version: string | undefined;
  /** Commit of the release, where known. */
  sha: string | undefined;
  /** Undefined: `.cutover` beside cutover.yml. */
  stateFolder: string | undefined;
  /** Undefined: `reports` in the state folder. */
  reportFolder: string | undefined;
  /** release-file: cutover.yml alone; workspace: everything that the release is made of, errors hold it up. */
  checks: 'release-file' | 'workspace';
  /** Whether a release that is an ancestor of the live one may go live. */
  allowOlder: 'yes' | 'no';
  /** Overrides `cutover.bake`, in milliseconds. */
  bakeMs: number | undefined;
  /** Stages that are left out, whatever the file has for them. */
  skip: readonly ProvingStage[];
  /** Reproduces which instances the experiments of chaos choose; undefined: a new one. */
  seed: string | undefined;
  /** Who holds the lease and where it ran: a workflow run's URL, or `user@host`. */
  origin: string;
  /** The command that resumes an interrupted run, for messages. */
  resume: string;
}

export interface ReportPaths {
  record: string;
  report: string;
  junit: string;
  summary: string;
}

export interface ReleaseOutcome {
  verdict: Verdict;
  /** Undefined when the release file could not be read. */
  record: ReleaseRecord | undefined;
  /** Undefined when nothing was written: mode `plan`, or no record. */
  paths: ReportPaths | undefined;
  /**
   * verdict, result, live-color, version, requests, failed, longest-gap-ms, switch-ms, p99-ms, residual-old, record,
   * report; of an experiment of Chaos Toolkit, journal. A figure that was not measured is an empty string, never 0.
   */
  outputs: Readonly<Record<string, string>>;
  /** Of a plan of chaos, which has no record: what each experiment would hit, and what stands against it. */
  planned?: readonly ExperimentRecord[];
  /** What is wrong in cutover.yml; then nothing else was done. */
  problems: readonly Problem[];
}

/** What is common to runs of one stage alone. */
interface StageRequest {
  configPath: string;
  environment: string | undefined;
  stateFolder: string | undefined;
  reportFolder: string | undefined;
  /** Who holds the lease and where it ran. */
  origin: string;
}

/** The stage smoke alone: checks of the release file, or one of an address. */
export interface SmokeStageRequest extends StageRequest {
  aim: 'live' | 'standby';
  /** Names of checks; empty: all that are for the aim. */
  only: readonly string[];
  /** What must answer; undefined: what the target remembers to run. */
  version: string | undefined;
  /** An address to check instead; then no release file is read. */
  url: string | undefined;
  /** With `url`: `200`, or several with commas; undefined: 200 to 399. */
  expectStatus: string | undefined;
}

/** The stage chaos alone. */
export interface ChaosStageRequest extends StageRequest {
  /** plan: what would be broken, changing nothing; revert: ends what is broken now. */
  mode: 'run' | 'plan' | 'revert';
  /** Names of experiments; empty: all. */
  only: readonly string[];
  /** Overrides the aim of each. */
  aim: 'live' | 'standby' | undefined;
  seed: string | undefined;
  /** An experiment file of Chaos Toolkit to run instead. */
  toolkit: string | undefined;
  /** The command that ends the faults of an interrupted run. */
  resume: string;
}

export interface StatusRequest {
  configPath: string;
  environment: string | undefined;
  stateFolder: string | undefined;
}

export interface Status {
  application: string;
  environment: string;
  target: string;
  inventory: Inventory;
  /** Who is at work now. */
  lease: LeaseInfo | undefined;
  /** What a run left unfinished; `recover` ends it. */
  unfinished: { release: string; phase: string; since: string } | undefined;
  /** What is broken on purpose, or may be: of a run at work, or left by one; `chaos revert` ends it. `until` is ISO 8601. */
  faults: readonly { id: string; what: string; until: string; active: boolean }[];
}

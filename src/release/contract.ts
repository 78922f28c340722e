import type { Problem } from '../config/model.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { CutoverMode, ReleaseRecord } from '../report/record.ts';
import type { Inventory, LeaseInfo } from '../targets/target.ts';

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
   * report. A figure that was not measured is an empty string, never 0.
   */
  outputs: Readonly<Record<string, string>>;
  /** What is wrong in cutover.yml; then nothing else was done. */
  problems: readonly Problem[];
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
}

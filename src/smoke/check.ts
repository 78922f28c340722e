import type * as v from 'valibot';
import type { VersionCheck } from '../config/model.ts';
import type { SectionOutput } from '../config/schema/leaf.ts';
import type { Platform } from '../platform/platform.ts';
import type { ExecRequest, Executed } from '../targets/fault.ts';
import type { Color, Instance } from '../targets/target.ts';
import type { Meter, MeterPlan, MeterReport } from '../traffic/report.ts';
import type { Reached } from './reach.ts';

/** What checks are aimed at. */
export interface Aim {
  /** live: through the route; standby: the colour that is to go live; url: an address, with nothing known about it. */
  readonly what: 'live' | 'standby' | 'url';
  /** For messages: `live`, `green`, `https://shop.example`. */
  readonly label: string;
  /** Component that a check without `component` is about; undefined where there is none (`url`). */
  readonly component: string | undefined;
  /** Base URL without a slash at its end. @throws UserError where the component has no address */
  origin(component: string | undefined): Promise<string>;
  /** How each component tells its version, and which one it must be; empty where nothing is known. */
  readonly versions: Readonly<Record<string, VersionCheck>>;
  /** Instances that an `exec` may choose from. */
  instances(component: string | undefined): Promise<readonly Instance[]>;
  /** Undefined where commands cannot be run beside an instance. */
  readonly exec: ((request: ExecRequest) => Promise<Executed>) | undefined;
  readonly color: Color | undefined;
}

/**
 * What is wrong. `unreachable-from-here` says nothing about the release and is inconclusive; the others fail it.
 * Nothing can stand between us and a loopback address, so there a refused connection is `unhealthy`.
 */
export type CheckFinding = 'unreachable-from-here' | 'wrong-version' | 'unhealthy' | 'slow';

/** What one try showed. */
export type Attempt =
  | {
      ok: true;
      /** What was seen, in a few words: `200 in 12 ms`. */
      detail: string;
      /** For `${checks.<name>.…}` of later checks: `{ status, headers, body }`, `{ value }`, `{ messages }` … */
      answer: unknown;
      /** Milliseconds that the service took, compared with `within`; absent: as long as the whole attempt. */
      ms?: number;
      /** Of a load check. */
      load?: LoadResult;
    }
  | {
      ok: false;
      finding: CheckFinding;
      /** What was seen and what was expected: `503, expected 200`. Never a secret. */
      detail: string;
      /** What a person can do about it, where that is known. */
      next?: string;
      load?: LoadResult;
    };

export interface LoadResult {
  report: MeterReport;
  /** Each threshold with what was measured. */
  gates: readonly {
    name: string;
    verdict: 'passed' | 'failed' | 'inconclusive';
    measured: string;
    limit: string;
  }[];
}

export interface CheckContext {
  platform: Platform;
  aim: Aim;
  /** Component that the check is about. */
  component: string | undefined;
  /** Aborts when the attempt's time is over (its reason is a `TimeUp`), or the run is cancelled. */
  signal: AbortSignal;
  timeoutMs: number;
  /** Peers reached in this run, for `failureOf` (reach.ts), which tells unhealthy from unreachable. */
  reached: Reached;
  /** Text of a peer for a message: no secrets, one line, shortened. */
  shown(text: string): string;
  startMeter: (plan: MeterPlan) => Promise<Meter>;
  /** Absolute folder of cutover.yml, for baseline files and the like. */
  folder: string;
}

/** One kind of check. Its file in src/smoke/checks holds all there is about it; index.ts there lists it. */
export interface CheckKind<E extends v.ObjectEntries = v.ObjectEntries> {
  /** The key that tells it: `http`. */
  readonly kind: string;
  /** For editors and docs, one sentence. */
  readonly description: string;
  /** Its keys in cutover.yml, the one that is named like it among them. */
  readonly entries: E;
  /** Milliseconds that one attempt may take unless the file says otherwise. */
  readonly defaultTimeoutMs: number | ((spec: SectionOutput<E>) => number);
  /** Milliseconds for which it is tried again unless the file says otherwise. Default 5,000. */
  readonly defaultRetryForMs?: number;
  /** Aims that it is run against unless the file says otherwise. Default both. */
  readonly defaultOn?: 'standby' | 'live';
  /** Whether it would disturb others and be disturbed by them: then nothing else runs while it does. Default: no. */
  alone?(spec: SectionOutput<E>): boolean;
  /** A list of `smoke` that works with it, for the docs. */
  readonly example: string;
  /**
   * One try. Resolves whatever the answer is; rejects with bugs only, and with the signal's reason. Whether a right
   * answer came in time (`within`) is judged by whoever calls it.
   * What it loads beyond config and platform, it loads when it runs.
   */
  attempt(spec: SectionOutput<E>, context: CheckContext): Promise<Attempt>;
}

/** A kind without the type of its keys, as the registry holds it: what it is given was read with its own entries. */
export interface AnyCheckKind {
  readonly kind: string;
  readonly description: string;
  readonly entries: v.ObjectEntries;
  readonly defaultRetryForMs: number;
  readonly defaultOn: 'both' | 'standby' | 'live';
  readonly example: string;
  timeoutMs(spec: unknown): number;
  alone(spec: unknown): boolean;
  attempt(spec: unknown, context: CheckContext): Promise<Attempt>;
}

export function checkKind<const E extends v.ObjectEntries>(kind: CheckKind<E>): AnyCheckKind {
  const { defaultTimeoutMs } = kind;
  return {
    kind: kind.kind,
    description: kind.description,
    entries: kind.entries,
    defaultRetryForMs: kind.defaultRetryForMs ?? 5_000,
    defaultOn: kind.defaultOn ?? 'both',
    example: kind.example,
    alone: (spec) => kind.alone?.(spec as SectionOutput<E>) ?? false,
    timeoutMs: (spec) =>
      typeof defaultTimeoutMs === 'number' ? defaultTimeoutMs : defaultTimeoutMs(spec as SectionOutput<E>),
    attempt: (spec, context) => kind.attempt(spec as SectionOutput<E>, context),
  };
}

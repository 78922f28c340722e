/**
 * Why a request counts as failed. `unreachable`: it never left this machine, for want of a file descriptor, a port, a
 * name or a route, which says nothing about the server. `malformed`: what the server said or showed cannot be taken for
 * an answer, such as no HTTP, no TLS, or a certificate that is not trusted (then no request was sent to it).
 */
export const failureKinds = [
  'unreachable',
  'refused',
  'reset',
  'timeout',
  'bad-status',
  'wrong-version',
  'malformed',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** Latency in milliseconds, counted from the intended send time. */
export interface Percentiles {
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
}

/** What happened to the requests whose intended send time lies in one 100 ms window. */
export interface TrafficWindow {
  /** Milliseconds since the meter's start. */
  startMs: number;
  sent: number;
  answered: number;
  failed: number;
  /** Answered requests by colour; `unknown` where the answer did not say. */
  byColor: Readonly<Record<string, number>>;
  /** Milliseconds; undefined when nothing was answered. */
  p50: number | undefined;
  p99: number | undefined;
  max: number | undefined;
}

/** What happened to the requests whose intended send time lies between two marks. */
export interface MeterSection {
  name: string;
  /** Milliseconds since the meter's start. */
  startMs: number;
  durationMs: number;
  sent: number;
  answered: number;
  failed: number;
  /** Of the failed ones, those that were `unreachable`; absent: none. */
  unreachable?: number;
  byColor: Readonly<Record<string, number>>;
  /** Undefined when nothing was answered. */
  latency: Percentiles | undefined;
  longestGapMs: number;
}

/** What the meter saw. Everything in it is measured; `lateSends` says how far to trust it. */
export interface MeterReport {
  mode: 'cheap' | 'precise';
  /** Requests per second that were asked for; with `rate: 'max'`, that were reached. */
  rate: number;
  /** Milliseconds since 1970 at which the meter started. */
  startedAt: number;
  durationMs: number;
  sent: number;
  answered: number;
  failed: number;
  failures: Readonly<Record<FailureKind, number>>;
  /** Up to ten examples, oldest first, for a person to read. */
  examples: readonly { atMs: number; kind: FailureKind; detail: string }[];
  byColor: Readonly<Record<string, number>>;
  byVersion: Readonly<Record<string, number>>;
  /** Undefined when nothing was answered. */
  latency: Percentiles | undefined;
  /** Longest time between two successful answers, in milliseconds; the edges of the run count too. */
  longestGapMs: number;
  /** Where the longest gap began, in milliseconds since the meter's start. */
  longestGapAtMs: number;
  /** Sends that left more than 5 ms (precise: 1 ms) after their intended time because the meter itself was late. */
  lateSends: number;
  /** How far sends were from their intended times, in microseconds. */
  sendErrorUs: { p50: number; p99: number; max: number } | undefined;
  /** In the order of their marks; the first is named `start`. */
  sections: readonly MeterSection[];
  /** Width of a window in milliseconds: 100, or a multiple of it in long runs. */
  windowMs: number;
  windows: readonly TrafficWindow[];
}

export interface MeterPlan {
  /** `http://host:port` or `https://host:port`; a certificate is verified for the `host` header's name, else the host. */
  origin: string;
  /** PEM text of the certificate authorities to trust instead of the system's, for https. */
  ca?: string | undefined;
  method: string;
  /** In path, header values and body `{n}` becomes the request's number, from 1. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /**
   * Requests per second. `max` is a closed loop for finding a server's limit: each of `maxConnections` connections sends
   * its next request when it has its answer. It hides stalls, so it is for benchmarks and never for gates.
   */
  rate: number | 'max';
  /** The rate grows evenly from 0 to `rate` in so long; absent: it is `rate` from the start. */
  rampMs?: number | undefined;
  /** Stops by itself after so long; undefined: until told. */
  durationMs: number | undefined;
  connections: 'keep-alive' | 'new';
  /** Open connections at the most; sends beyond it wait, and the wait counts as latency. */
  maxConnections: number;
  timeoutMs: number;
  /** Expected status; undefined: any from 200 to 399. */
  expectStatus: number | undefined;
  /** Response header with the application's version, and the versions that count as right; undefined: not checked. */
  version: { header: string; allowed: readonly string[] | undefined } | undefined;
  /**
   * cheap: timers, catches up, a few per cent of a core (default for watches). precise: spins, one whole core.
   */
  mode: 'cheap' | 'precise';
}

/**
 * A running meter. Its promises reject when its thread has died. It sends in a worker thread, so that nothing here delays a send.
 */
export interface Meter {
  /** Called for each window once it is complete (its requests answered or timed out), in order. */
  onWindow(listener: (window: TrafficWindow) => void): void;
  /**
   * Called for each failure as soon as it is known, before its window is complete: the first at once, the others within
   * 20 ms. Of more than 2,500 a second only so many are told; all are counted.
   */
  onFailure(listener: (failure: { atMs: number; kind: FailureKind; detail: string }) => void): void;
  /** Starts a new section: requests that are due from now on count there. */
  mark(name: string): void;
  /** The sections so far, light enough to ask for several times a second. */
  sections(): Promise<readonly MeterSection[]>;
  /** What was seen so far, with all complete windows. Requests in flight count as sent only. */
  snapshot(): Promise<MeterReport>;
  /** Marks versions as right or wrong from now on, when a release changes while the meter runs. */
  allowVersions(versions: readonly string[] | undefined): void;
  /** Stops sending, waits for what is in flight (at most the timeout), resolves with everything. */
  stop(): Promise<MeterReport>;
}

/** Starts a meter; the real one is `startMeter` of src/traffic/meter.ts. */
export type StartMeter = (plan: MeterPlan) => Promise<Meter>;

/**
 * What cutover.yml means once it has been read: every default filled in, every duration a number of milliseconds.
 * The schema (schema.ts) produces exactly these shapes.
 */

/** One of the two copies of a component. */
export type Color = 'blue' | 'green';

/** Milliseconds. Written `500ms`, `30s`, `10m`, `2h` or `1d`. */
export type Milliseconds = number;

/** A bound on something measured: `<1%` is `{ operator: '<', value: 0.01, unit: 'ratio' }`. */
export interface Comparison {
  operator: '<' | '<=' | '>' | '>=' | '=';
  /** Milliseconds for `ms`, 0..1 for `ratio`, per second for `rate`, bytes for `bytes`. */
  value: number;
  unit: 'ms' | 'ratio' | 'rate' | 'bytes' | 'count';
  /** As it was written, for messages. */
  text: string;
}

export interface HealthCheck {
  /** Path of an HTTP GET that answers 2xx when the instance can take traffic. */
  http: string;
  interval: Milliseconds;
  timeout: Milliseconds;
  /** So many good answers in a row make an instance ready. */
  healthyAfter: number;
  /** So many bad answers in a row make a ready instance unhealthy. */
  unhealthyAfter: number;
  /** The longest time from start to ready. */
  startWithin: Milliseconds;
}

export interface VersionCheck {
  /** Path of an HTTP GET whose body is the version, or JSON with the version at `json`. */
  http: string;
  /** Key of the version in a JSON answer. Default `version`; a body that is not JSON is compared whole. */
  json: string;
  /** What it must be, after substitution; normally `${release.version}`. */
  equals: string;
  /** Response header of any answer of the application that carries its version, for the meter. */
  header: string | undefined;
}

export interface Component {
  name: string;
  /** Folder that is packed (target local), relative to cutover.yml. */
  context: string;
  /** argv of one instance on the local target; `PORT` and `HOST` are in its environment. */
  run: readonly [string, ...string[]];
  /** Extra environment of each instance. */
  env: Readonly<Record<string, string>>;
  /** Loopback port that clients of this component use (the proxy listens there); 0 takes any free one. */
  port: number;
  /** Instances per colour when nothing is live yet; later the live colour's number is used. */
  instances: number;
  health: HealthCheck;
  version: VersionCheck | undefined;
  /** How long requests and WebSockets of the old colour may go on after a switch. */
  drain: Milliseconds;
}

export type TargetKind = 'local';

export interface Environment {
  name: string;
  target: TargetKind;
}

export interface Slo {
  /** Largest share of failed requests, 0..1; undefined: only `cutover.failed-requests` counts. */
  errorRate: number | undefined;
  p99: Milliseconds | undefined;
}

/** Synthetic requests that the meter sends through the live route during a cutover. */
export interface TrafficPlan {
  component: string;
  /** Requests per second. */
  rate: number;
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  headers: Readonly<Record<string, string>>;
  /** `{n}` becomes the request's number. */
  body: string | undefined;
  connections: 'keep-alive' | 'new';
  timeout: Milliseconds;
}

export interface CutoverPlan {
  /** Watched time after the switch. */
  bake: Milliseconds;
  /** How long the old colour stays warm for an instant rollback. */
  keepOld: Milliseconds;
  /** The old colour counts as quiet when it has answered nothing for so long. */
  quiet: Milliseconds;
  /** Failed requests of the meter that are tolerated. Default 0. */
  failedRequests: number;
  traffic: TrafficPlan;
}

export interface ReleaseFile {
  name: string;
  /** Absolute folder of cutover.yml; relative paths start here. */
  folder: string;
  components: Readonly<Record<string, Component>>;
  environments: Readonly<Record<string, Environment>>;
  slo: Slo;
  cutover: CutoverPlan;
}

/** One thing wrong in a file. Lines and columns count from 1. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  /** `components/gateway/port` */
  path: string;
  /** One sentence without the place: `"80x" is not a whole number`. */
  message: string;
  /** What was written there, shortened; undefined where something is missing. */
  given: string | undefined;
  /** What may stand there: `a whole number from 0 to 65535`. */
  allowed: string | undefined;
}

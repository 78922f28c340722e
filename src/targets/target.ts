import type { Color, Component, Environment } from '../config/model.ts';
import { UserError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { ExecRequest, Executed, FaultControl } from './fault.ts';

export type { Color };

export const otherColor: Readonly<Record<Color, Color>> = { blue: 'green', green: 'blue' };

/** What runs as one component of a release. */
export interface Artifact {
  /** `sha256:…` of the content. */
  digest: string;
  /** Where the target finds it: a folder for `local`, an image reference elsewhere. */
  location: string;
}

/** One version of all components. */
export interface Release {
  /** `<version>-<first 12 hex digits of the content>`: the same content and version give the same id. */
  id: string;
  version: string;
  /** Commit, where known. */
  sha: string | undefined;
  /** By component name. */
  artifacts: Readonly<Record<string, Artifact>>;
}

/** The release that a colour runs, as the target remembers it. */
export type ReleaseRef = Pick<Release, 'id' | 'version' | 'sha'>;

export interface Instance {
  /** `gateway/green-1` */
  id: string;
  component: string;
  color: Color;
  status: 'starting' | 'ready' | 'unhealthy' | 'exited';
  /** Where a probe reaches this instance alone: `http://127.0.0.1:43121`. */
  url: string;
  /** Host process id, where the target has one. */
  pid: number | undefined;
  restarts: number;
  /** Why it is not ready, as last seen. */
  detail: string | undefined;
}

export interface ColorState {
  /**
   * absent: nothing runs; starting: instances come up; ready: all instances are ready; degraded: some are not;
   * retiring: drains or is kept warm until `keepUntil`.
   */
  status: 'absent' | 'starting' | 'ready' | 'degraded' | 'retiring';
  release: ReleaseRef | undefined;
  instances: readonly Instance[];
  /** Milliseconds since 1970 at which the target stops this colour by itself. */
  keepUntil: number | undefined;
}

export interface RouteState {
  /** Undefined before the first release. */
  live: Color | undefined;
  /** Grows by one with each switch; 0 before the first. */
  version: number;
}

export interface ComponentState {
  name: string;
  route: RouteState;
  colors: Readonly<Record<Color, ColorState>>;
}

/** Everything the target runs, by component name; a component never released is not in it. */
export interface Inventory {
  components: Readonly<Record<string, ComponentState>>;
}

/** What one colour has served through the route since the target can tell. */
export interface ColorTraffic {
  /** Requests answered in full. */
  answered: number;
  /** Requests sent to the colour whose answer is not complete. */
  inFlight: number;
  /** Open upgraded connections (WebSockets). */
  upgraded: number;
  /** Milliseconds since 1970 of the last completed answer. */
  lastAnswerAt: number | undefined;
}

export interface Switched extends RouteState {
  /** Milliseconds since 1970 at which the write took effect. */
  at: number;
}

export interface Verified {
  /** Milliseconds from the last switch until the first request was answered by the new colour; undefined: none came. */
  firstNewMs: number | undefined;
  /** Milliseconds from the last switch until the old colour completed its last ordinary request; undefined: none after it. */
  lastOldMs: number | undefined;
  /** Milliseconds from the last switch until the data plane was seen to follow. */
  verifiedMs: number;
}

/** What decides which colour of a component is live. */
export interface Route {
  read(): Promise<RouteState>;
  /**
   * One compare-and-set. When it resolves the route is durable; whether the data plane follows is `verify`'s to say.
   * @throws RouteChanged when the route's version is not `expecting`
   * @throws Fenced when a newer lease was given out
   */
  switchTo(color: Color, condition: { expecting: number; token: number }): Promise<Switched>;
  /** Resolves when the data plane gives every new request to `color` only. Writes nothing. */
  verify(color: Color, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<Verified>;
  traffic(): Promise<Readonly<Record<Color, ColorTraffic>>>;
}

export interface PrepareRequest {
  component: Component;
  color: Color;
  release: Release;
  instances: number;
  token: number;
  signal?: AbortSignal;
  /** Called as instances become ready. */
  onProgress?: (ready: number, total: number, text: string) => void;
}

export interface RetireRequest {
  component: string;
  color: Color;
  token: number;
  /** In-flight requests and upgraded connections may go on for so long; what is left then is closed (1001) and counted. */
  drainMs: number;
  /** Drained when nothing was answered for so long and nothing is in flight. */
  quietMs: number;
  /** After draining, instances stay up for so long, for an instant rollback; 0 stops them at once. */
  keepMs: number;
  signal?: AbortSignal;
}

export interface Retired {
  /** How draining ended. */
  drained: 'quiet' | 'deadline';
  /** Requests and upgraded connections still open at the deadline, which were closed. */
  residual: number;
  /** Requests that the old colour answered after the switch. */
  answeredAfterSwitch: number;
  /** Milliseconds since 1970 at which the colour stops; undefined: it has stopped. */
  keepUntil: number | undefined;
}

/** A held lease. Its token grows with each acquisition; the target refuses writes that carry an older one. */
export interface Lease {
  readonly token: number;
  readonly holder: string;
  /** @throws LeaseLost when another run took it over */
  renew(): Promise<void>;
  release(): Promise<void>;
}

export interface LeaseInfo {
  holder: string;
  /** Milliseconds since 1970. */
  since: number;
  expiresAt: number;
}

export interface LeaseStore {
  /** @throws LeaseHeld while another holder's lease has not expired */
  acquire(request: { holder: string; ttlMs: number }): Promise<Lease>;
  /** Undefined when nobody holds it. */
  read(): Promise<LeaseInfo | undefined>;
}

/** One durable JSON document a key (`cutover`, `chaos`), kept where the target lives. */
export interface JournalStore {
  read(key: string): Promise<unknown>;
  /**
   * Durable when it resolves. `undefined` removes the document.
   * @throws Fenced when a newer lease was given out
   */
  write(key: string, document: unknown, token: number): Promise<void>;
}

/** What runs components. Every effect can be repeated: doing it twice is doing it once. */
export interface Target {
  readonly kind: string;
  readonly journal: JournalStore;
  readonly lease: LeaseStore;
  inspect(): Promise<Inventory>;
  /**
   * Brings a colour that is not live up with a release; resolves when every instance passed health K times in a row
   * and reports the right version. Instances that already run this release are kept. Leaves a colour that fails as it
   * is, for `retire` to remove.
   * @throws NotReady with the reason and the end of the instance's output
   */
  prepare(request: PrepareRequest): Promise<void>;
  route(component: string): Route;
  retire(request: RetireRequest): Promise<Retired>;
  /**
   * Where a probe or a client reaches the live route or all of one colour: `http://127.0.0.1:8000`. Requests to a colour
   * take the same way as those to the live route, so that faults and load meet what production would meet.
   */
  endpoint(component: string, which: 'live' | Color): Promise<string>;
  instances(component: string, color: Color): Promise<readonly Instance[]>;
  /** @throws UserError where there is no such instance, or the target cannot do it */
  exec(request: ExecRequest): Promise<Executed>;
  /** Undefined: the target cannot break anything on purpose. */
  readonly faults: FaultControl | undefined;
  /** Lets go of connections to the target; what runs goes on running. */
  close(): Promise<void>;
}

/** Opens a target for one environment. Starts nothing that `plan` or `status` would not need. */
export type TargetFactory = (options: {
  environment: Environment;
  components: Readonly<Record<string, Component>>;
  /** Absolute folder for durable state, where the target keeps it on this machine. */
  stateFolder: string;
  platform: Platform;
}) => Promise<Target>;

/** Somebody else switched the route in the meantime. */
export class RouteChanged extends UserError {
  override readonly name = 'RouteChanged';
}

/** A write carried an older fencing token than the newest one given out. */
export class Fenced extends UserError {
  override readonly name = 'Fenced';
}

export class LeaseLost extends UserError {
  override readonly name = 'LeaseLost';
}

export class LeaseHeld extends UserError {
  override readonly name = 'LeaseHeld';
  readonly lease: LeaseInfo;

  constructor(lease: LeaseInfo, options: { next?: string } = {}) {
    super(`the lease is held by ${lease.holder} since ${new Date(lease.since).toISOString()}`, {
      docs: 'docs/cutover.md#lease',
      ...options,
    });
    this.lease = lease;
  }
}

/** A colour did not become ready. */
export class NotReady extends UserError {
  override readonly name = 'NotReady';
  readonly finding: 'crashed' | 'unhealthy' | 'wrong-version' | 'timeout';
  /** The last lines that the instance printed. */
  readonly output: string;

  constructor(finding: NotReady['finding'], message: string, output: string) {
    super(message, { docs: 'docs/cutover.md#prepare' });
    this.finding = finding;
    this.output = output;
  }
}

import { join } from 'node:path';
import type { Color, Component } from '../../../config/model.ts';
import { signalGroup } from '../../../platform/daemons.ts';
import { messageOf } from '../../../platform/errors.ts';
import { readEnd } from '../../../platform/private-files.ts';
import type { Artifact, Instance, ReleaseRef } from '../../target.ts';
import type { StoredInstance } from '../state.ts';
import { extended, noStreak, type Reading, readHealth, readVersion, type Streak } from './health.ts';
import { argvOf, causeOf, endGroup, type Running, startIdVariable, startProcess } from './process.ts';
import { host, type Supervision } from './supervision.ts';

/** What an instance runs. */
export interface InstancePlan {
  id: string;
  color: Color;
  component: Component;
  release: ReleaseRef;
  artifact: Artifact;
  baseEnvironment: Readonly<Record<string, string>>;
}

/** Where an instance reports to. */
export interface InstanceEvents {
  /** Resolves when it is durable. */
  save(patch: Partial<StoredInstance>): Promise<void>;
  /** Its status, port or process is another. */
  changed(): void;
}

/** The first restart waits so long, each further one twice as long, up to the longest. */
const firstBackoffMs = 100;
const longestBackoffMs = 10_000;
/** An instance that was ready for so long has got over its earlier crashes. */
const settledAfterMs = 10_000;
/** As long as nothing answers, health is asked this often, so that readiness is seen without delay. */
const eagerIntervalMs = 100;
/** SIGTERM to SIGKILL where the component has no drain time. */
const defaultGraceMs = 10_000;

/** One process of a component, kept running until it is told to stop. */
export class SupervisedInstance {
  readonly plan: InstancePlan;
  readonly #supervision: Supervision;
  readonly #events: InstanceEvents;
  readonly #stop = new AbortController();
  #status: Instance['status'] = 'starting';
  #detail: string | undefined = 'starting';
  #reading: Reading | undefined;
  #wrongVersion: string | undefined;
  #port = 0;
  #pid: number | undefined;
  #restarts = 0;
  #crashes = 0;
  #crashesInRow = 0;
  #readySince: number | undefined;
  #graceMs: number;
  #loop: Promise<void> = Promise.resolve();

  constructor(supervision: Supervision, plan: InstancePlan, events: InstanceEvents) {
    this.#supervision = supervision;
    this.plan = plan;
    this.#events = events;
    this.#graceMs = plan.component.drain || defaultGraceMs;
  }

  get id(): string {
    return this.plan.id;
  }

  /** True while requests may be sent to it. */
  get usable(): boolean {
    return this.#status === 'ready' && !this.#stop.signal.aborted;
  }

  get port(): number {
    return this.#port;
  }

  get logFile(): string {
    return this.#supervision.paths.instanceLog(this.id);
  }

  /** Ends of its process since {@link forgetCrashes}. */
  get crashes(): number {
    return this.#crashes;
  }

  /** What it answered last when asked for its health. */
  get lastReading(): Reading | undefined {
    return this.#reading;
  }

  /** The version it reports, where that is not the one it should have. */
  get wrongVersion(): string | undefined {
    return this.#wrongVersion;
  }

  /** The last lines it printed. */
  async output(): Promise<string> {
    const lines = (await readEnd(this.logFile, 8 * 1024)).trimEnd().split('\n');
    return lines.slice(-20).join('\n');
  }

  forgetCrashes(): void {
    this.#crashes = 0;
  }

  describe(): Instance {
    return {
      id: this.id,
      component: this.plan.component.name,
      color: this.plan.color,
      status: this.#status,
      url: `http://${host}:${this.#port}`,
      pid: this.#pid,
      restarts: this.#restarts,
      detail: this.#status === 'ready' ? undefined : this.#detail,
    };
  }

  /** Starts it, or goes on with a process that an earlier supervisor started. */
  run(before?: { stored: StoredInstance; running: Running | undefined }): void {
    if (before) {
      const { stored, running } = before;
      this.#restarts = stored.restarts;
      this.#port = stored.port;
      if (running) this.#supervision.ports.keep(stored.port);
      if (running && stored.ready) this.#set('ready', undefined);
      // It was running and is gone: that is a crash, only that nobody saw it.
      if (!running && stored.pid !== null) this.#restarts += 1;
    }
    this.#loop = this.#supervise(before?.running);
  }

  /** Ends its process and resolves when that is gone. */
  async stop(graceMs?: number): Promise<void> {
    if (graceMs !== undefined) this.#graceMs = Math.min(graceMs, this.#graceMs);
    this.#stop.abort(new Error('stopped'));
    this.#events.changed();
    await this.#loop;
  }

  /** Lets go of the process without ending it. */
  abandon(): void {
    this.#graceMs = Number.NaN;
    this.#stop.abort(new Error('abandoned'));
  }

  async #supervise(adopted: Running | undefined): Promise<void> {
    let running = adopted;
    while (!this.#stop.signal.aborted) {
      try {
        running ??= await this.#start();
        const cause = await this.#accompany(running);
        if (cause === undefined) break;
        // Children that it left behind would hold its port.
        signalGroup(running.pid, 'SIGKILL');
        running = undefined;
        await this.#crashed(cause);
      } catch (error) {
        if (this.#stop.signal.aborted) break;
        await this.#crashed(`cannot be started: ${messageOf(error)}`);
      }
    }
    if (Number.isNaN(this.#graceMs)) return;
    if (running) await endGroup(running.pid, this.#graceMs, this.#supervision.platform.clock);
    this.#supervision.ports.giveBack(this.#port);
    this.#pid = undefined;
    this.#set('exited', 'stopped');
    await this.#save({ pid: null, identity: null, startId: '', ready: false });
  }

  async #start(): Promise<Running> {
    const { random, files } = this.#supervision.platform;
    this.#supervision.ports.giveBack(this.#port);
    this.#port = await this.#supervision.ports.take();
    const startId = random.hex(16);
    await this.#events.save({ port: this.#port, startId, pid: null, identity: null, ready: false });
    const data = this.#supervision.paths.data(this.plan.component.name);
    await files.makeFolder(data);
    await files.makeFolder(join(this.logFile, '..'));
    this.#stop.signal.throwIfAborted();
    const running = await startProcess({
      argv: argvOf(this.plan.component.run, this.#supervision.execPath),
      cwd: this.plan.artifact.location,
      env: this.#environment(data, startId),
      output: this.logFile,
    });
    try {
      await this.#events.save({ pid: running.pid, identity: running.identity ?? null });
    } catch (error) {
      await endGroup(running.pid, 0, this.#supervision.platform.clock);
      throw error;
    }
    return running;
  }

  #environment(data: string, startId: string): Record<string, string> {
    const { component, color, release, baseEnvironment } = this.plan;
    return {
      ...baseEnvironment,
      ...component.env,
      HOST: host,
      PORT: String(this.#port),
      CUTOVER_COMPONENT: component.name,
      CUTOVER_COLOR: color,
      CUTOVER_INSTANCE: this.id,
      CUTOVER_VERSION: release.version,
      CUTOVER_DATA: data,
      [startIdVariable]: startId,
    };
  }

  /** Watches a process until it ends; resolves with why, or with undefined when it is to be stopped. */
  async #accompany(running: Running): Promise<string | undefined> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, over.signal]);
    this.#pid = running.pid;
    this.#wrongVersion = undefined;
    if (this.#status !== 'ready') this.#set('starting', 'starting');
    void this.#watchHealth(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#supervision.log(`${this.id}: health: ${messageOf(error)}`);
    });
    try {
      return causeOf(await running.ended(signal));
    } catch (error) {
      if (this.#stop.signal.aborted) return undefined;
      throw error;
    } finally {
      over.abort();
    }
  }

  async #watchHealth(signal: AbortSignal): Promise<void> {
    const { clock, http } = this.#supervision.platform;
    const check = this.plan.component.health;
    const origin = `http://${host}:${this.#port}`;
    let streak = noStreak;
    let answered = false;
    while (!signal.aborted) {
      const reading = await readHealth(http, origin, check);
      if (signal.aborted) return;
      streak = extended(streak, reading);
      answered ||= reading.kind !== 'no-answer';
      this.#reading = reading;
      await this.#judge(streak, reading, signal);
      await clock.sleep(answered ? check.interval : Math.min(check.interval, eagerIntervalMs), signal);
    }
  }

  async #judge(streak: Streak, reading: Reading, signal: AbortSignal): Promise<void> {
    const { healthyAfter, unhealthyAfter } = this.plan.component.health;
    if (reading.kind !== 'good') {
      if (this.#status === 'ready' && streak.bad < unhealthyAfter) return;
      this.#set(this.#status === 'starting' ? 'starting' : 'unhealthy', reading.detail);
      return;
    }
    if (this.#status === 'ready') return;
    if (streak.good < healthyAfter) {
      this.#detail = `${streak.good} of ${healthyAfter} good answers in a row`;
      return;
    }
    const problem = await this.#versionProblem();
    if (signal.aborted) return;
    if (problem) this.#set('unhealthy', problem);
    else this.#set('ready', undefined);
  }

  async #versionProblem(): Promise<string | undefined> {
    const { version: check, health } = this.plan.component;
    if (!check) return undefined;
    const { http } = this.#supervision.platform;
    const read = await readVersion(http, `http://${host}:${this.#port}`, {
      ...check,
      timeout: health.timeout,
    });
    if ('detail' in read) return `its version is unknown: ${read.detail}`;
    this.#wrongVersion = read.version === check.equals ? undefined : read.version;
    if (this.#wrongVersion === undefined) return undefined;
    return `reports version ${JSON.stringify(read.version)}, expected ${JSON.stringify(check.equals)}`;
  }

  async #crashed(cause: string): Promise<void> {
    const { clock } = this.#supervision.platform;
    const settled = this.#readySince !== undefined && clock.now() - this.#readySince >= settledAfterMs;
    this.#crashesInRow = settled ? 1 : this.#crashesInRow + 1;
    this.#crashes += 1;
    this.#restarts += 1;
    this.#pid = undefined;
    this.#reading = undefined;
    this.#supervision.log(`${this.id}: ${cause}; restart ${this.#restarts}`);
    this.#set('exited', cause);
    const backoff = Math.min(firstBackoffMs * 2 ** (this.#crashesInRow - 1), longestBackoffMs);
    await clock.sleep(backoff, this.#stop.signal).catch(() => {});
  }

  #set(status: Instance['status'], detail: string | undefined): void {
    const wasReady = this.#status === 'ready';
    const changed = this.#status !== status;
    this.#status = status;
    this.#detail = detail;
    if (!changed) return;
    const isReady = status === 'ready';
    this.#readySince = isReady ? this.#supervision.platform.clock.now() : undefined;
    if (wasReady !== isReady || status === 'exited') {
      void this.#save({ ready: isReady, restarts: this.#restarts });
    }
    this.#events.changed();
  }

  /** Writes down what a new supervisor can also find out by itself; it is no harm if that fails. */
  async #save(patch: Partial<StoredInstance>): Promise<void> {
    try {
      await this.#events.save(patch);
    } catch (error) {
      this.#supervision.log(`${this.id}: ${messageOf(error)}`);
    }
  }
}

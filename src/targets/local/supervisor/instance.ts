import { signalGroup } from '../../../platform/daemons.ts';
import { messageOf } from '../../../platform/errors.ts';
import { readEnd } from '../../../platform/private-files.ts';
import type { Instance } from '../../target.ts';
import type { StoredInstance } from '../state.ts';
import { Crashes } from './crashes.ts';
import type { Reading } from './health.ts';
import { environmentOf, type InstancePlan, launch } from './launch.ts';
import { argvOf, causeOf, endGroup, type Running } from './process.ts';
import { Renewals, renewedWithinMs } from './renewals.ts';
import { Strain } from './strain.ts';
import { host, type Supervision } from './supervision.ts';
import { Vigil } from './vigil.ts';

/** Where an instance reports to. */
export interface InstanceEvents {
  /** Resolves when it is durable. */
  save(patch: Partial<StoredInstance>): Promise<void>;
  /** Its status, port or process is another. */
  changed(): void;
}

/** SIGTERM to SIGKILL where the component has no drain time. */
const defaultGraceMs = 10_000;

/** An instance without a process. */
const nothingRuns = { pid: null, identity: null, startId: '', ready: false, under: [] };

/** One process of a component, kept running until it is told to stop. */
export class SupervisedInstance {
  readonly plan: InstancePlan;
  /** What faults ask of its process; see {@link renew}. */
  readonly strain = new Strain();
  readonly #supervision: Supervision;
  readonly #events: InstanceEvents;
  readonly #stop = new AbortController();
  #status: Instance['status'] = 'starting';
  #detail: string | undefined = 'starting';
  readonly #vigil: Vigil;
  #port = 0;
  #process: Running | undefined;
  #under: readonly string[] = [];
  readonly #renewals: Renewals;
  #restarts = 0;
  readonly #crashes = new Crashes();
  #readySince: number | undefined;
  #graceMs: number;
  #loop: Promise<void> = Promise.resolve();

  constructor(supervision: Supervision, plan: InstancePlan, events: InstanceEvents) {
    this.#supervision = supervision;
    this.plan = plan;
    this.#events = events;
    this.#graceMs = plan.component.drain || defaultGraceMs;
    this.#renewals = new Renewals(supervision.platform.clock);
    this.#vigil = new Vigil(supervision, plan.component, this);
  }

  get status(): Instance['status'] {
    return this.#status;
  }

  /** The process that runs now. */
  get process(): Running | undefined {
    return this.#process;
  }

  /** Faults with whose variables the process was started that runs now, or is just being started. */
  get under(): readonly string[] {
    return this.#under;
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
    return this.#crashes.count;
  }

  /** What it answered last when asked for its health. */
  get lastReading(): Reading | undefined {
    return this.#vigil.reading;
  }

  /** The version it reports, where that is not the one it should have. */
  get wrongVersion(): string | undefined {
    return this.#vigil.wrongVersion;
  }

  /** The last lines it printed. */
  async output(): Promise<string> {
    const lines = (await readEnd(this.logFile, 8 * 1024)).trimEnd().split('\n');
    return lines.slice(-20).join('\n');
  }

  forgetCrashes(): void {
    this.#crashes.forget();
  }

  describe(): Instance {
    return {
      id: this.id,
      component: this.plan.component.name,
      color: this.plan.color,
      status: this.#status,
      url: `http://${host}:${this.#port}`,
      pid: this.#process?.pid,
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
      if (running) this.#under = stored.under ?? [];
      if (running && stored.ready) this.set('ready', undefined);
      // It was running and is gone: that is a crash, only that nobody saw it.
      if (!running && stored.pid !== null) this.#restarts += 1;
    }
    this.#loop = this.#supervise(before?.running);
  }

  /**
   * Ends its process in an orderly way, and starts another one unless something holds it down. Resolves when that has
   * happened, or could not be done because the instance is stopped.
   * @throws Error when its process does not end, or no other one can be started
   */
  async renew(graceMs: number): Promise<void> {
    await this.#explained(this.#renewals.call(graceMs, this.#stop.signal));
  }

  /**
   * Resolves when it has a process that is not just being ended, or is held down or stopped.
   * @throws Error when none can be started
   */
  async untilStarted(): Promise<void> {
    const isStarted = () => this.#process !== undefined && !this.#renewals.called.aborted;
    const isSettled = () => isStarted() || this.strain.heldBy !== undefined || this.#stop.signal.aborted;
    await this.#explained(this.#renewals.until(isSettled, renewedWithinMs));
  }

  /** What a command beside it runs with; `node` is the Node that it has itself. */
  commandFor(argv: readonly [string, ...string[]]) {
    const how = { port: this.#port, variables: this.strain.variables() };
    return {
      argv: argvOf(argv, this.#supervision.execPath),
      cwd: this.plan.artifact.location,
      env: environmentOf(this.#supervision, this.plan, how),
    };
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
        if (!running) await this.#untilReleased();
        running ??= await this.#start();
        const cause = await this.#accompany(running);
        if (this.#stop.signal.aborted && cause === undefined) break;
        // Children that it left behind would hold its port.
        if (cause !== undefined) signalGroup(running.pid, 'SIGKILL');
        else await this.#endForRenewal(running);
        running = undefined;
        if (cause !== undefined) await this.#crashed(cause);
      } catch (error) {
        if (this.#stop.signal.aborted) break;
        await this.#crashed(`cannot be started: ${messageOf(error)}`);
      }
    }
    if (Number.isNaN(this.#graceMs)) return;
    if (running) await endGroup(running.pid, () => this.#graceMs, this.#supervision.platform.clock);
    this.#supervision.ports.giveBack(this.#port);
    this.#forgetProcess();
    this.set('exited', 'stopped');
    await this.#save(nothingRuns);
  }

  async #start(): Promise<Running> {
    const { random, clock } = this.#supervision.platform;
    this.#supervision.ports.giveBack(this.#port);
    this.#port = await this.#supervision.ports.take();
    const startId = random.hex(16);
    this.#renewals.begin();
    // Known from here on: a fault that is reverted before the process runs has to call it off.
    this.#under = this.strain.faults;
    const variables = this.strain.variables();
    await this.#events.save({ ...nothingRuns, port: this.#port, startId, under: this.#under });
    const how = { port: this.#port, startId, variables, signal: this.#stop.signal };
    const running = await launch(this.#supervision, this.plan, how);
    try {
      await this.#events.save({ pid: running.pid, identity: running.identity ?? null });
    } catch (error) {
      await endGroup(running.pid, () => 0, clock);
      throw error;
    }
    return running;
  }

  /** Does nothing where no fault holds it down. */
  async #untilReleased(): Promise<void> {
    if (this.strain.heldBy === undefined) return;
    this.#forgetProcess();
    this.set('exited', `is held down by the fault ${JSON.stringify(this.strain.heldBy)}`);
    await this.#save(nothingRuns);
    this.#renewals.happened();
    await this.strain.untilReleased(this.#stop.signal);
  }

  async #endForRenewal(running: Running): Promise<void> {
    this.#restarts += 1;
    this.set('starting', 'is being restarted');
    const asked = this.#renewals.graceMs;
    // Whoever wants the instance to stop for good does not wait longer than it would anyway.
    const graceMs = () => (this.#stop.signal.aborted ? Math.min(asked, this.#graceMs) : asked);
    await endGroup(running.pid, graceMs, this.#supervision.platform.clock);
    this.#forgetProcess();
    this.#vigil.forgetReading();
  }

  /** Watches a process until it ends; resolves with why, or with undefined when it is to be ended. */
  async #accompany(running: Running): Promise<string | undefined> {
    const over = new AbortController();
    const { called } = this.#renewals;
    const signal = AbortSignal.any([this.#stop.signal, called, over.signal]);
    this.#process = running;
    if (!called.aborted) this.#renewals.happened();
    if (this.#status !== 'ready') this.set('starting', 'starting');
    void this.#vigil.watch(this.#port, signal).catch((error: unknown) => {
      if (!signal.aborted) this.#supervision.log(`${this.id}: health: ${messageOf(error)}`);
    });
    try {
      return causeOf(await running.ended(signal));
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    } finally {
      over.abort();
    }
  }

  #forgetProcess(): void {
    this.#process = undefined;
    this.#under = [];
  }

  async #crashed(cause: string): Promise<void> {
    const { clock } = this.#supervision.platform;
    const backoff = this.#crashes.add(this.#readySince === undefined ? 0 : clock.now() - this.#readySince);
    this.#restarts += 1;
    this.#forgetProcess();
    this.#vigil.forgetReading();
    this.#supervision.log(`${this.id}: ${cause}; restart ${this.#restarts}`);
    this.set('exited', cause);
    const hurry = AbortSignal.any([this.#stop.signal, this.#renewals.called]);
    await clock.sleep(backoff, hurry).catch(() => {});
  }

  /** See {@link Watched}. */
  set(status: Instance['status'], detail: string | undefined): void {
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

  /** A failure with the reason that this instance knows. */
  async #explained(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      throw new Error(`${this.id}: ${messageOf(error)}: ${this.#detail}`);
    }
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

import type { Component, CutoverPlan, Slo } from '../config/model.ts';
import { messageOf } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { GateRecord } from '../report/record.ts';
import type { Target } from '../targets/target.ts';
import { versionIn } from '../targets/version.ts';
import type {
  Meter,
  MeterPlan,
  MeterReport,
  MeterSection,
  StartMeter,
  TrafficWindow,
} from '../traffic/report.ts';
import { judge, type Limits, type Observation } from './gates.ts';
import type { Move } from './operation.ts';

/** A gate failed while it was being watched. */
export class Breach extends Error {
  override readonly name = 'Breach';
  /** Milliseconds since 1970 at which it was seen. */
  readonly seenAt: number;

  constructor(reason: string, seenAt: number) {
    super(reason);
    this.seenAt = seenAt;
  }
}

export interface WatchOptions {
  target: Target;
  platform: Platform;
  startMeter: StartMeter;
  settings: CutoverPlan;
  slo: Slo;
  /** Of the release that goes live. */
  components: Readonly<Record<string, Component>>;
  /** Versions that may answer: the old one's and the new one's. */
  versions: readonly string[];
}

const pollMs = 250;
/** The version is asked for on every so many polls, health on every other one. */
const versionEvery = 4;
const healthEvery = 2;
/** Health or version that cannot be asked for so many times in a row is lost. */
const mostMisses = 3;

/**
 * Watches the live route from shortly before a switch to the end: the meter, the health of the new colour and its
 * version. `breached` aborts with a {@link Breach} as soon as a gate fails after `begin`.
 */
export class Watch {
  readonly #options: WatchOptions;
  readonly #breach = new AbortController();
  readonly #polling = new AbortController();
  #meter: Meter | undefined;
  #startedAt = 0;
  #began: number | undefined;
  #failedSince = 0;
  #baseline: Observation['baseline'] = 'not-measured';
  #moves: readonly Move[] = [];
  #polls: Promise<void> | undefined;
  #report: MeterReport | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  get breached(): AbortSignal {
    return this.#breach.signal;
  }

  get isMetering(): boolean {
    return this.#meter !== undefined;
  }

  /** Starts the meter on the live route. */
  async startMeter(): Promise<void> {
    const { settings, target, platform } = this.#options;
    const origin = await target.endpoint(settings.traffic.component, 'live');
    this.#startedAt = platform.clock.now();
    const meter = await this.#options.startMeter(meterPlan(this.#options, origin));
    meter.onFailure(({ atMs, kind, detail }) => {
      // What never left this machine says nothing about the release.
      if (kind !== 'unreachable') this.#onFailure(atMs, `${kind}: ${detail}`);
    });
    reportTraffic(meter, platform, settings.traffic.rate);
    if (this.#began !== undefined) meter.mark('switch'); // The first release has no live route to measure before.
    this.#meter = meter;
  }

  /** Closes the baseline: what fails from now on is the new colour's. */
  async begin(moves: readonly Move[]): Promise<void> {
    this.#moves = moves;
    this.#began = this.#options.platform.clock.now();
    if (!this.#meter) return;
    const before = await this.#meter.sections();
    this.#baseline = baselineOf(before);
    this.#began = this.#options.platform.clock.now();
    this.#meter.mark('switch');
  }

  /** Polls health, version and gates until `settle` or `stop`. */
  poll(): void {
    this.#polls ??= this.#pollUntilStopped().catch(() => {}); // Ends by `#polling`.
  }

  /** Stops polling; what the meter sees is still counted. */
  async settle(): Promise<void> {
    this.#polling.abort();
    await this.#polls;
  }

  mark(section: string): void {
    this.#meter?.mark(section);
  }

  /** Stops the meter; undefined when it never ran. */
  async stop(): Promise<MeterReport | undefined> {
    await this.settle();
    const meter = this.#meter;
    this.#meter = undefined;
    if (meter) this.#report = await meter.stop();
    return this.#report;
  }

  /** The gates' verdicts over all that was seen since `begin`. Call after `stop`. */
  gates(): readonly GateRecord[] {
    return judge(this.#observe(this.#report?.sections ?? [], this.#report), this.#limits(), 'end');
  }

  #limits(): Limits {
    return { failedRequests: this.#options.settings.failedRequests, slo: this.#options.slo };
  }

  #onFailure(atMs: number, detail: string): void {
    if (this.#began === undefined || this.#startedAt + atMs < this.#began) return;
    this.#failedSince += 1;
    const most = this.#options.settings.failedRequests;
    if (this.#failedSince > most && this.#baseline !== 'unreachable') {
      this.#fail(
        `${this.#failedSince} failed ${this.#failedSince === 1 ? 'request' : 'requests'} where ${most} are tolerated (${detail})`,
      );
    }
  }

  #fail(reason: string): void {
    if (this.#breach.signal.aborted) return;
    this.#breach.abort(new Breach(reason, this.#options.platform.clock.now()));
  }

  async #pollUntilStopped(): Promise<void> {
    let misses = 0;
    for (let round = 1; ; round += 1) {
      await this.#options.platform.clock.sleep(pollMs, this.#polling.signal);
      try {
        await this.#checkGates();
        if (round % healthEvery === 0) await this.#checkHealth();
        if (round % versionEvery === 0) await this.#checkVersions();
        misses = 0;
      } catch (error) {
        misses += 1;
        if (misses >= mostMisses) this.#fail(`the live route can no longer be watched: ${messageOf(error)}`);
      }
    }
  }

  async #checkGates(): Promise<void> {
    if (!this.#meter) return;
    const sections = await this.#meter.sections();
    if (!this.#brokenGate(sections)) return;
    // Only the whole report tells how late the meter's own sends were, and it is dearer: asked for when it matters.
    const report = await this.#meter.snapshot();
    const broken = this.#brokenGate(report.sections, report);
    if (broken) this.#fail(`${broken.name}: ${broken.measured}, limit ${broken.limit}`);
  }

  #brokenGate(sections: readonly MeterSection[], report?: MeterReport): GateRecord | undefined {
    const gates = judge(this.#observe(sections, report), this.#limits(), 'watching');
    return gates.find(({ verdict }) => verdict === 'failed');
  }

  async #checkHealth(): Promise<void> {
    const { components } = await this.#options.target.inspect();
    for (const { component, to } of this.#moves) {
      const color = components[component]?.colors[to];
      if (color?.status === 'ready') continue;
      const bad = color?.instances.find(({ status }) => status !== 'ready');
      this.#fail(
        `${to} of ${component} is no longer healthy${bad?.detail ? `: ${bad.id} ${bad.detail}` : ''}`,
      );
    }
  }

  /** A wrong answer is a breach at once; no answer rejects. */
  async #checkVersions(): Promise<void> {
    for (const { component } of this.#moves) {
      const check = this.#options.components[component]?.version;
      if (!check) continue;
      const origin = await this.#options.target.endpoint(component, 'live');
      const answer = await this.#options.platform.http.send({ url: origin + check.http, timeoutMs: 2_000 });
      if (answer.status >= 300) throw new Error(`${check.http} of ${component} answers ${answer.status}`);
      const told = versionIn(answer.body, check);
      const version = 'version' in told ? told.version : undefined;
      if (version === check.equals) continue;
      this.#fail(
        `${component} reports version ${version ?? 'unknown'} where ${check.equals} was switched to`,
      );
    }
  }

  #observe(sections: readonly MeterSection[], report: MeterReport | undefined): Observation {
    const since = sections.filter(({ name }) => name === 'switch');
    const unreachable = since.reduce((sum, section) => sum + (section.unreachable ?? 0), 0);
    const inSection = since.reduce((sum, section) => sum + section.failed, 0) - unreachable;
    const settled = since.reduce((sum, section) => sum + section.answered, 0) + inSection;
    return {
      settled: Math.max(settled, this.#failedSince),
      failed: Math.max(this.#failedSince, inSection),
      unreachable,
      latency: since.at(-1)?.latency,
      lateShare: report && report.sent > 0 ? report.lateSends / report.sent : 0,
      baseline: this.#baseline,
    };
  }
}

function baselineOf(sections: readonly MeterSection[]): Observation['baseline'] {
  const answered = sections.reduce((sum, section) => sum + section.answered, 0);
  const failed = sections.reduce((sum, section) => sum + section.failed, 0);
  if (answered + failed === 0) return 'not-measured';
  return answered === 0 ? 'unreachable' : 'answered';
}

function meterPlan({ settings, components, versions }: WatchOptions, origin: string): MeterPlan {
  const { traffic } = settings;
  const header = components[traffic.component]?.version?.header;
  return {
    origin,
    method: traffic.method,
    path: traffic.path,
    headers: traffic.headers,
    body: traffic.body,
    rate: traffic.rate,
    durationMs: undefined,
    connections: traffic.connections,
    maxConnections: 256,
    timeoutMs: traffic.timeout,
    expectStatus: undefined,
    version: header === undefined ? undefined : { header, allowed: versions },
    mode: 'cheap',
  };
}

/** Tells about once a second how traffic goes. */
function reportTraffic(meter: Meter, platform: Platform, rate: number): void {
  let seen: TrafficWindow[] = [];
  let sent = 0;
  let failed = 0;
  meter.onWindow((window) => {
    seen.push(window);
    sent += window.sent;
    failed += window.failed;
    if (seen.length < 10) return;
    const byColor: Record<string, number> = {};
    for (const { byColor: colors } of seen) {
      for (const [color, count] of Object.entries(colors)) byColor[color] = (byColor[color] ?? 0) + count;
    }
    const p99Ms = Math.max(0, ...seen.map(({ p99 }) => p99 ?? 0));
    platform.emit({ type: 'traffic', sent, failed, rate, p99Ms, byColor });
    seen = [];
  });
}

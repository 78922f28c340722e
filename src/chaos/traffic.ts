import type { TrafficPlan } from '../config/model.ts';
import type { Platform } from '../platform/platform.ts';
import type {
  Meter,
  MeterPlan,
  MeterReport,
  MeterSection,
  StartMeter,
  TrafficWindow,
} from '../traffic/report.ts';

export interface TrafficRequest {
  startMeter: StartMeter;
  platform: Platform;
  /** `http://host:port` */
  origin: string;
  plan: TrafficPlan;
}

/** Requests through the aimed route all the while, with every window and its sections `before`, `fault`, `recovery`, `after`. */
export class Traffic {
  readonly windows: TrafficWindow[] = [];
  readonly #meter: Meter;
  readonly #listeners = new Set<(window: TrafficWindow) => void>();
  #report: MeterReport | undefined;
  #startedAt = 0;

  private constructor(meter: Meter) {
    this.#meter = meter;
    meter.onWindow((window) => {
      this.windows.push(window);
      for (const listen of this.#listeners) listen(window);
    });
  }

  static async start({ startMeter, platform, origin, plan }: TrafficRequest): Promise<Traffic> {
    const meter = await startMeter(meterPlan(plan, origin));
    const traffic = new Traffic(meter);
    traffic.#startedAt = (await meter.snapshot()).startedAt;
    meter.mark('before');
    reportTraffic(meter, platform, plan.rate);
    return traffic;
  }

  /** A moment on the platform's clock as milliseconds since the meter's start. */
  at(ms: number): number {
    return ms - this.#startedAt;
  }

  mark(section: 'fault' | 'recovery' | 'after'): void {
    this.#meter.mark(section);
  }

  /** Told of each window from now on, as it is complete. @returns what ends it */
  listen(listener: (window: TrafficWindow) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A section as it is now; undefined before it has begun. */
  async section(name: string): Promise<MeterSection | undefined> {
    return sectionOf(await this.#meter.sections(), name);
  }

  /** Sends that the meter itself made late so far. */
  async lateSends(): Promise<number> {
    return (await this.#meter.snapshot()).lateSends;
  }

  snapshot(): Promise<MeterReport> {
    return this.#meter.snapshot();
  }

  /** Stops sending, waits for what is under way; the second time it gives the same report. */
  async stop(): Promise<MeterReport> {
    this.#report ??= await this.#meter.stop();
    return this.#report;
  }
}

export const sectionOf = (sections: readonly MeterSection[], name: string): MeterSection | undefined =>
  sections.find((section) => section.name === name);

/** Share of a section's sends that were late, 0..1, when so many were between its beginning and its end. */
export function lateShareOf(lateSends: number, section: MeterSection | undefined): number {
  return section && section.sent > 0 ? Math.min(1, lateSends / section.sent) : 0;
}

function meterPlan(plan: TrafficPlan, origin: string): MeterPlan {
  const { method, path, headers, body, rate, connections, timeout } = plan;
  return {
    origin,
    method,
    path,
    headers,
    body,
    rate,
    durationMs: undefined,
    connections,
    maxConnections: 256,
    timeoutMs: timeout,
    expectStatus: undefined,
    version: undefined,
    mode: 'cheap',
  };
}

/** Tells about once a second how traffic goes. */
function reportTraffic(meter: Meter, platform: Platform, rate: number): void {
  let seen: TrafficWindow[] = [];
  let [sent, failed] = [0, 0];
  meter.onWindow((window) => {
    seen.push(window);
    sent += window.sent;
    failed += window.failed;
    if (seen.length < 10) return;
    const p99Ms = Math.max(0, ...seen.map(({ p99 }) => p99 ?? 0));
    platform.emit({ type: 'traffic', sent, failed, rate, p99Ms, byColor: {} });
    seen = [];
  });
}

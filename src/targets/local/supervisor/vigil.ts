import type { Component } from '../../../config/model.ts';
import type { Instance } from '../../target.ts';
import { extended, noStreak, type Reading, readHealth, readVersion, type Streak } from './health.ts';
import { host, type Supervision } from './supervision.ts';

/** As long as nothing answers, health is asked this often, so that readiness is seen without delay. */
const eagerIntervalMs = 100;

/** The status that a vigil reads and sets. */
export interface Watched {
  readonly status: Instance['status'];
  set(status: Instance['status'], detail: string | undefined): void;
}

/** Asks an instance for its health and version, one process after the other, and judges its status by the answers. */
export class Vigil {
  readonly #supervision: Supervision;
  readonly #component: Component;
  readonly #watched: Watched;
  #reading: Reading | undefined;
  #wrongVersion: string | undefined;

  constructor(supervision: Supervision, component: Component, watched: Watched) {
    this.#supervision = supervision;
    this.#component = component;
    this.#watched = watched;
  }

  /** What it answered last when asked for its health. */
  get reading(): Reading | undefined {
    return this.#reading;
  }

  /** The version it reports, where that is not the one it should have. */
  get wrongVersion(): string | undefined {
    return this.#wrongVersion;
  }

  /** Its process is gone, and with it what it answered. */
  forgetReading(): void {
    this.#reading = undefined;
  }

  /** Until the signal aborts. */
  async watch(port: number, signal: AbortSignal): Promise<void> {
    this.#wrongVersion = undefined;
    const { clock, http } = this.#supervision.platform;
    const check = this.#component.health;
    const origin = `http://${host}:${port}`;
    let streak = noStreak;
    let answered = false;
    while (!signal.aborted) {
      const reading = await readHealth(http, origin, check);
      if (signal.aborted) return;
      streak = extended(streak, reading);
      answered ||= reading.kind !== 'no-answer';
      this.#reading = reading;
      await this.#judge({ streak, reading, origin, signal });
      await clock.sleep(answered ? check.interval : Math.min(check.interval, eagerIntervalMs), signal);
    }
  }

  async #judge(seen: { streak: Streak; reading: Reading; origin: string; signal: AbortSignal }) {
    const { streak, reading, origin, signal } = seen;
    const { healthyAfter, unhealthyAfter } = this.#component.health;
    const { status } = this.#watched;
    if (reading.kind !== 'good') {
      if (status === 'ready' && streak.bad < unhealthyAfter) return;
      this.#watched.set(status === 'starting' ? 'starting' : 'unhealthy', reading.detail);
      return;
    }
    if (status === 'ready') return;
    if (streak.good < healthyAfter) {
      this.#watched.set(status, `${streak.good} of ${healthyAfter} good answers in a row`);
      return;
    }
    const problem = await this.#versionProblem(origin);
    if (signal.aborted) return;
    if (problem) this.#watched.set('unhealthy', problem);
    else this.#watched.set('ready', undefined);
  }

  async #versionProblem(origin: string): Promise<string | undefined> {
    const { version: check, health } = this.#component;
    if (!check) return undefined;
    const { http } = this.#supervision.platform;
    const read = await readVersion(http, origin, { ...check, timeout: health.timeout });
    if ('detail' in read) return `its version is unknown: ${read.detail}`;
    this.#wrongVersion = read.version === check.equals ? undefined : read.version;
    if (this.#wrongVersion === undefined) return undefined;
    return `reports version ${JSON.stringify(read.version)}, expected ${JSON.stringify(check.equals)}`;
  }
}

import type { Clock } from '../../../platform/clock.ts';

const pollMs = 5;
/** Beside the grace: to end a killed process and to start another one. */
export const renewedWithinMs = 15_000;

/** Calls for another process of an instance: the one that runs is to be ended in an orderly way, and that is no crash. */
export class Renewals {
  readonly #clock: Clock;
  #called = new AbortController();
  #round = 0;
  #graceMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Aborts when the process that runs, or is just being started, is called off. */
  get called(): AbortSignal {
    return this.#called.signal;
  }

  /** SIGTERM to SIGKILL, as the last call has it. */
  get graceMs(): number {
    return this.#graceMs;
  }

  /** A process is about to be started, with all that was asked until now: a later call means that it comes too early. */
  begin(): void {
    this.#called = new AbortController();
  }

  /** A process was started as it was asked, or the instance was put down. */
  happened(): void {
    this.#round += 1;
  }

  /**
   * Calls for another process and resolves when that has happened, or nothing of it is possible because `stop` aborts.
   * @throws Error when it takes too long
   */
  async call(graceMs: number, stop: AbortSignal): Promise<void> {
    const round = this.#round;
    this.#graceMs = graceMs;
    this.#called.abort(new Error('renewed'));
    await this.until(() => this.#round !== round || stop.aborted, graceMs + renewedWithinMs);
  }

  /** @throws Error when the condition does not hold within the time */
  async until(holds: () => boolean, withinMs: number): Promise<void> {
    const deadline = this.#clock.monotonic() + withinMs;
    while (!holds()) {
      if (this.#clock.monotonic() > deadline) throw new Error('it was not started');
      await this.#clock.sleep(pollMs);
    }
  }
}

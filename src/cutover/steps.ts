import { Cancelled, messageOf } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { StepRecord } from '../report/record.ts';

/** What a step is called and why it is taken. */
export interface StepInfo {
  step: string;
  component?: string;
  reason: string;
}

/** The steps of one run, told as they happen and kept for the record. */
export class Steps {
  readonly records: StepRecord[] = [];
  readonly #platform: Pick<Platform, 'clock' | 'emit'>;
  readonly #start: number;
  /** Milliseconds since 1970 from which `atMs` counts. */
  readonly startedAt: number;

  constructor(platform: Pick<Platform, 'clock' | 'emit'>) {
    this.#platform = platform;
    this.#start = platform.clock.monotonic();
    this.startedAt = platform.clock.now();
  }

  /** Runs one step; its failure is recorded and thrown on. */
  async take<T>(info: StepInfo, act: () => Promise<T>): Promise<T> {
    const began = this.#platform.clock.monotonic();
    this.#platform.emit({ type: 'step', state: 'started', ...info });
    try {
      const result = await act();
      this.#finish(info, began, { outcome: 'done' });
      return result;
    } catch (error) {
      const outcome = error instanceof Cancelled ? 'cancelled' : 'failed';
      this.#finish(info, began, { outcome, detail: messageOf(error) });
      throw error;
    }
  }

  /** Records a step that is not taken, with the reason, or that would be taken (`plan`). */
  pass(info: StepInfo, outcome: 'skipped' | 'planned'): void {
    const atMs = this.#platform.clock.monotonic() - this.#start;
    this.records.push({ ...info, atMs, durationMs: 0, outcome });
    this.#platform.emit({ type: 'step', state: 'skipped', ...info });
  }

  #finish(info: StepInfo, began: number, end: Pick<StepRecord, 'outcome' | 'detail'>): void {
    const durationMs = this.#platform.clock.monotonic() - began;
    this.records.push({ ...info, atMs: began - this.#start, durationMs, ...end });
    const state = end.outcome === 'done' ? 'finished' : 'failed';
    this.#platform.emit({ type: 'step', state, ...info, ms: durationMs });
  }
}

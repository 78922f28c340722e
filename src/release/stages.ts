import type { Platform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { Finding, StageRecord } from '../report/record.ts';

/** What a stage says when it is over. */
export interface StageEnd<T> {
  verdict: Verdict;
  /** One sentence for people. */
  summary: string;
  findings?: readonly Finding[];
  value: T;
}

/** The stages of one run, told as they happen and kept for the record. */
export class Stages {
  readonly records: StageRecord[] = [];
  readonly #platform: Pick<Platform, 'clock' | 'emit'>;

  constructor(platform: Pick<Platform, 'clock' | 'emit'>) {
    this.#platform = platform;
  }

  async run<T>(name: string, act: () => Promise<StageEnd<T>>): Promise<T> {
    const { clock, emit } = this.#platform;
    const startedAt = new Date(clock.now()).toISOString();
    const began = clock.monotonic();
    emit({ type: 'stage', stage: name, state: 'started' });
    const end = await act();
    const { verdict, summary, findings = [] } = end;
    this.records.push({ name, verdict, startedAt, durationMs: clock.monotonic() - began, summary, findings });
    const state = verdict === 'passed' ? 'finished' : 'failed';
    emit({ type: 'stage', stage: name, state, verdict, text: summary });
    return end.value;
  }
}

import type { Verdict } from './verdict.ts';

/** How one stage, step or gate stands. */
export type Progress = 'started' | 'finished' | 'failed' | 'skipped';

export type Level = 'debug' | 'info' | 'notice' | 'warning' | 'error';

/** A place in a file of the workspace; lines and columns count from 1. */
export interface Place {
  file: string;
  line?: number;
  column?: number;
}

/**
 * Everything a run tells while it goes on, in one stream. The hosts (GitHub log, terminal) render it; nothing else
 * writes to stdout or stderr.
 */
export type RunEvent =
  | { type: 'stage'; stage: string; state: Progress; verdict?: Verdict; text?: string }
  | {
      type: 'step';
      step: string;
      state: Progress;
      component?: string;
      /** Why the step is done or skipped, in a few words. */
      reason?: string;
      ms?: number;
    }
  /** Progress of something long: `done` of `total` (any unit), or seconds elapsed where there is no total. */
  | { type: 'progress'; step: string; done: number; total?: number; text: string }
  /** One reading of the meter, about once a second. */
  | {
      type: 'traffic';
      sent: number;
      failed: number;
      rate: number;
      p99Ms: number;
      byColor: Record<string, number>;
    }
  | { type: 'message'; level: Level; text: string; title?: string; place?: Place }
  /** Output of an application or a tool. Hosts must guard it so that no line can act as a workflow command. */
  | { type: 'output'; source: string; text: string };

export type EventSink = (event: RunEvent) => void;

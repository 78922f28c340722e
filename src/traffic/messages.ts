import type { WindowSamples } from './open-windows.ts';
import type { MeterSection } from './report.ts';
import type { Failure, Totals } from './tally.ts';

/** What the main thread tells the worker. Each `ask` is answered once, by its id. */
export type ToWorker =
  | { type: 'mark'; name: string }
  | { type: 'allow'; versions: readonly string[] | undefined }
  | { type: 'ask'; id: number; what: 'sections' | 'totals' | 'stop' };

/** What the worker tells the main thread. */
export type FromWorker =
  /** `startedAt`: milliseconds since 1970 */
  | { type: 'started'; startedAt: number }
  /** The plan cannot be carried out; the worker ends. */
  | { type: 'refused'; message: string }
  | { type: 'windows'; windows: WindowSamples[] }
  | { type: 'failures'; failures: Failure[] }
  | { type: 'sections'; id: number; sections: MeterSection[] }
  | { type: 'totals'; id: number; totals: Totals };

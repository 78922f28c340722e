import { Counter } from './counter.ts';

/** Width of a window as it leaves the worker, in milliseconds. */
export const windowMs = 100;

/** What happened to the requests that were due in one window, not all of them settled yet. */
export interface OpenWindow {
  startMs: number;
  sent: number;
  answered: number;
  failed: number;
  readonly byColor: Counter;
  /** Latencies of what was answered, in microseconds, in the order of the answers. */
  readonly latenciesUs: number[];
}

/** A window that will not change any more, as the worker posts it. */
export interface WindowSamples {
  startMs: number;
  sent: number;
  answered: number;
  failed: number;
  byColor: Record<string, number>;
  latenciesUs: Uint32Array;
}

/** Windows by due time; each is given out once it is over and all its requests are settled, in order. */
export class OpenWindows {
  readonly #open: OpenWindow[] = [newWindow(0)];

  /** The window of requests that are due at `dueMs`, which must not go back. */
  at(dueMs: number): OpenWindow {
    let last = this.#open.at(-1) as OpenWindow;
    while (dueMs >= last.startMs + windowMs) {
      last = newWindow(last.startMs + windowMs);
      this.#open.push(last);
    }
    return last;
  }

  /** Takes the complete windows out. All requests due before `nowMs` must have been entered. */
  takeComplete(nowMs: number): WindowSamples[] {
    this.at(nowMs);
    const pending = this.#open.findIndex((one) => one.startMs + windowMs > nowMs || !isSettled(one));
    return this.#open.splice(0, pending < 0 ? this.#open.length - 1 : pending).map(samples);
  }

  /** Takes all windows that hold a request out; nothing may be entered any more. */
  takeAll(): WindowSamples[] {
    const rest = this.#open.splice(0, this.#open.length, newWindow(Number.POSITIVE_INFINITY));
    while (rest.at(-1)?.sent === 0) rest.pop();
    return rest.map(samples);
  }
}

function isSettled(window: OpenWindow): boolean {
  return window.answered + window.failed === window.sent;
}

function newWindow(startMs: number): OpenWindow {
  return { startMs, sent: 0, answered: 0, failed: 0, byColor: new Counter(), latenciesUs: [] };
}

function samples(window: OpenWindow): WindowSamples {
  return {
    ...window,
    byColor: window.byColor.toRecord(),
    latenciesUs: Uint32Array.from(window.latenciesUs),
  };
}

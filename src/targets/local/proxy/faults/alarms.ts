import type { Clock } from '../../../../platform/clock.ts';

export interface Alarm {
  cancel(): void;
}

interface Entry extends Alarm {
  dueMs: number;
  /** Among equals, the one that was set first rings first. */
  turn: number;
  ring: (() => void) | undefined;
}

/**
 * A Node timer has a resolution of a millisecond: it rings up to so much after its time, and up to a millisecond before
 * it, because the loop's clock is cut to whole milliseconds.
 */
const timerErrorMs = 1.1;

/** The share of the thread's time that may be spent on looking at the clock, and the most that is saved up of it, ms. */
const spinShare = 0.25;
const spinSavingsMs = 50;

/**
 * Rings at times of the monotonic clock, more exactly than a timer: a timer wakes it just before, and for what is left it
 * looks at the clock once in each turn of the event loop, so that traffic is not held up. Looking costs CPU, which is
 * bounded: where too many alarms lie too close to one another, they ring up to a millisecond late.
 */
export class Alarms {
  private readonly clock: Clock;
  private readonly heap: Entry[] = [];
  private turns = 0;
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private spinLeftMs = spinSavingsMs;
  private lastMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.lastMs = clock.monotonic();
  }

  /** Rings once, never before its time and never within this call. */
  at(dueMs: number, ring: () => void): Alarm {
    this.turns += 1;
    const entry: Entry = { dueMs, turn: this.turns, ring, cancel: () => {} };
    entry.cancel = () => {
      entry.ring = undefined;
    };
    push(this.heap, entry);
    if (this.heap[0] === entry) this.arm();
    return entry;
  }

  close(): void {
    this.heap.length = 0;
    this.disarm();
  }

  private disarm() {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
    this.timer = undefined;
    this.immediate = undefined;
  }

  private arm() {
    this.disarm();
    const next = this.heap[0];
    if (next === undefined) return;
    const nowMs = this.clock.monotonic();
    const sleepMs = Math.floor(next.dueMs - nowMs - timerErrorMs);
    if (sleepMs < 1 && this.spinLeftMs > 0) this.immediate = setImmediate(() => this.spun(nowMs));
    else this.timer = setTimeout(() => this.wake(), Math.max(1, sleepMs));
  }

  private spun(fromMs: number) {
    this.spinLeftMs -= this.clock.monotonic() - fromMs;
    this.wake();
  }

  private wake() {
    const nowMs = this.clock.monotonic();
    this.spinLeftMs = Math.min(spinSavingsMs, this.spinLeftMs + (nowMs - this.lastMs) * spinShare);
    this.lastMs = nowMs;
    this.ringDue(nowMs);
    this.arm();
  }

  private ringDue(nowMs: number) {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || (first.ring !== undefined && first.dueMs > nowMs)) return;
      pop(this.heap);
      first.ring?.();
    }
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.dueMs === other.dueMs ? one.turn < other.turn : one.dueMs < other.dueMs;
}

function push(heap: Entry[], entry: Entry) {
  let at = heap.length;
  for (;;) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (at === 0 || parent === undefined || !isBefore(entry, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = entry;
}

/** Removes the first. */
function pop(heap: Entry[]) {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    const below = one !== undefined && other !== undefined && isBefore(other, one) ? left + 1 : left;
    const child = heap[below];
    if (child === undefined || !isBefore(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
}

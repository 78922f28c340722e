import type { Clock } from '../../../../platform/clock.ts';

/** Somebody who waits for bytes that may pass. */
export interface Taker {
  /** Takes what it may, and waits again when that was not enough. */
  pump(): void;
}

/** How much of an unused rate is saved up, and how often those who wait are served, in milliseconds. */
const burstMs = 10;
const tickMs = 5;
/** While somebody waits, nothing of the rate is lost to a late timer, up to so much. */
const lateMs = 1_000;

/**
 * A token bucket over all connections of a colour. Those who wait are served in turn, each with the same share of what
 * has come in, so that one large transfer does not starve the others.
 */
export class Bucket {
  private readonly clock: Clock;
  private readonly bytesPerMs: number;
  private tokens: number;
  private lastMs: number;
  private waiting = new Set<Taker>();
  private served: { taker: Taker; left: number } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock, bytesPerSecond: number) {
    this.clock = clock;
    this.bytesPerMs = bytesPerSecond / 1_000;
    this.tokens = this.bytesPerMs * burstMs;
    this.lastMs = clock.monotonic();
  }

  /** Bytes that may pass now. */
  available(taker: Taker): number {
    if (this.served?.taker === taker) return this.served.left;
    const waits = this.waiting.has(taker);
    // Nobody takes what others wait for already.
    if (!waits && (this.waiting.size > 0 || this.served !== undefined)) return 0;
    this.refill(waits ? lateMs : burstMs);
    return Math.floor(this.tokens);
  }

  spend(taker: Taker, bytes: number): void {
    this.tokens -= bytes;
    if (this.served?.taker === taker) this.served.left -= bytes;
  }

  /** Is pumped when bytes may pass; last of those who wait. */
  wait(taker: Taker): void {
    this.waiting.delete(taker);
    this.waiting.add(taker);
    this.timer ??= setTimeout(() => this.serve(), tickMs);
  }

  leave(taker: Taker): void {
    this.waiting.delete(taker);
  }

  close(): void {
    clearTimeout(this.timer);
    this.waiting.clear();
  }

  private refill(mostMs: number) {
    const nowMs = this.clock.monotonic();
    const passed = (nowMs - this.lastMs) * this.bytesPerMs;
    // A bucket that holds less than a byte would never give one.
    this.tokens = Math.min(this.tokens + passed, Math.max(1, this.bytesPerMs * mostMs));
    this.lastMs = nowMs;
  }

  private serve() {
    this.timer = undefined;
    this.refill(lateMs);
    const takers = [...this.waiting];
    this.waiting = new Set();
    takers.forEach((taker, index) => {
      const left = Math.floor(this.tokens / (takers.length - index));
      this.served = { taker, left };
      if (left > 0) taker.pump();
      else this.wait(taker);
    });
    this.served = undefined;
    // Those for whom nothing was left come first next time.
    if (this.waiting.size > 0) this.timer ??= setTimeout(() => this.serve(), tickMs);
  }
}

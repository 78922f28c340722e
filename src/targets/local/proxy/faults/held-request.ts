import type { Alarm } from './alarms.ts';
import type { Faults, Waiting } from './faults.ts';
import { type Delay, type Passage, sumOf } from './passage.ts';

/** A request that faults keep from being sent. */
export class HeldRequest implements Waiting {
  private readonly faults: Faults;
  private readonly passage: Passage;
  private readonly released: () => void;
  private readonly sinceMs: number;
  private readonly delays: readonly Delay[];
  private alarm: Alarm | undefined;

  /** `released` is called once, never within the constructor. */
  constructor(faults: Faults, passage: Passage, released: () => void) {
    this.faults = faults;
    this.passage = passage;
    this.released = released;
    this.sinceMs = faults.clock.monotonic();
    this.delays = passage.delays();
    faults.waiting.add(this);
    this.passage.suffer('blackhole');
    this.alarm = this.swallowed ? undefined : this.ringWhenDue();
  }

  /** A fault has taken it and lets no answer come. */
  get swallowed(): boolean {
    return this.passage.hit('blackhole') !== undefined;
  }

  wake(): void {
    this.alarm?.cancel();
    if (this.passage.suffer('blackhole') !== undefined) return;
    if (this.dueMs() > this.faults.clock.monotonic()) this.alarm = this.ringWhenDue();
    else this.release();
  }

  cancel(): void {
    this.alarm?.cancel();
    this.faults.waiting.delete(this);
  }

  private dueMs(): number {
    return this.sinceMs + sumOf(this.delays);
  }

  private ringWhenDue(): Alarm {
    return this.faults.alarms.at(this.dueMs(), () => this.wake());
  }

  private release() {
    this.cancel();
    this.released();
  }
}

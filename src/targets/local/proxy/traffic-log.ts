import type { Clock } from '../../../platform/clock.ts';
import type { Color, ColorTraffic } from '../../target.ts';

interface Counts {
  answered: number;
  inFlight: number;
  upgraded: number;
  /** Monotonic; -1: none. */
  lastAnswerMs: number;
}

/** What was measured since the last flip of the route; times are milliseconds from the flip. */
export interface SinceSwitch {
  /** Until the first request that came after the flip was answered by the new colour. */
  firstNewMs: number | undefined;
  /** Until the last ordinary answer of the old colour was complete; undefined: none came after the flip. */
  lastOldMs: number | undefined;
  /** Ordinary answers that the old colour completed after the flip. */
  answeredAfterSwitch: number;
}

const noCounts = (): Counts => ({ answered: 0, inFlight: 0, upgraded: 0, lastAnswerMs: -1 });

/** Counts what each colour serves. Called several times a request: it must stay cheap. */
export class TrafficLog {
  live: Color | undefined;
  /** Grows with each flip; an exchange remembers under which one it began. */
  flips = 0;
  private readonly counts: Record<Color, Counts> = { blue: noCounts(), green: noCounts() };
  private flipMs = 0;
  private since: SinceSwitch = { firstNewMs: undefined, lastOldMs: undefined, answeredAfterSwitch: 0 };
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  flip(color: Color | undefined): void {
    this.live = color;
    this.flips += 1;
    this.flipMs = this.clock.monotonic();
    this.since = { firstNewMs: undefined, lastOldMs: undefined, answeredAfterSwitch: 0 };
  }

  began(color: Color): void {
    this.counts[color].inFlight += 1;
  }

  /** The exchange ended without a complete answer of the backend. */
  abandoned(color: Color): void {
    this.counts[color].inFlight -= 1;
  }

  /** An answer that did not come through the route: it says nothing about what clients do. */
  answeredAside(color: Color): void {
    this.counts[color].inFlight -= 1;
  }

  answered(color: Color, exchange: { flip: number; nowMs: number }): void {
    const counts = this.counts[color];
    counts.inFlight -= 1;
    counts.answered += 1;
    counts.lastAnswerMs = exchange.nowMs;
    if (color !== this.live) {
      this.since.lastOldMs = exchange.nowMs - this.flipMs;
      this.since.answeredAfterSwitch += 1;
    } else if (this.since.firstNewMs === undefined && exchange.flip === this.flips) {
      this.since.firstNewMs = exchange.nowMs - this.flipMs;
    }
  }

  upgraded(color: Color): void {
    this.counts[color].inFlight -= 1;
    this.counts[color].upgraded += 1;
  }

  upgradeEnded(color: Color): void {
    this.counts[color].upgraded -= 1;
  }

  sinceSwitch(): SinceSwitch {
    return { ...this.since };
  }

  /** Monotonic milliseconds of the colour's last complete answer; undefined: there was none. */
  lastAnswerMs(color: Color): number | undefined {
    const at = this.counts[color].lastAnswerMs;
    return at < 0 ? undefined : at;
  }

  traffic(): Record<Color, ColorTraffic> {
    return { blue: this.trafficOf('blue'), green: this.trafficOf('green') };
  }

  private trafficOf(color: Color): ColorTraffic {
    const { answered, inFlight, upgraded } = this.counts[color];
    const last = this.lastAnswerMs(color);
    const lastAnswerAt =
      last === undefined ? undefined : Math.round(this.clock.now() - (this.clock.monotonic() - last));
    return { answered, inFlight, upgraded, lastAnswerAt };
  }
}

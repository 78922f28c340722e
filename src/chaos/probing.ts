import { codeOf } from '../platform/errors.ts';
import type { HttpAnswer } from '../platform/http.ts';
import type { Platform } from '../platform/platform.ts';
import { awaitClosing } from './closing.ts';
import type { Probe } from './fault.ts';
import { valuesAt } from './json-path.ts';
import type { Experiment } from './schema.ts';

/** One every 100 ms. */
const everyMs = 100;
/** Longer than any delay that one would ask for; a request that is swallowed ends here. */
const timeoutMs = 5_000;
/** Connections that are kept open on purpose may stay so for longer. */
const closingTimeoutMs = 30_000;
/** Requests that hang must not pile up without end. */
const mostInFlight = 400;
/** One that has waited so long when probing ends counts as unanswered, a younger one not at all. */
const tellingMs = 500;

export interface ProbePlan {
  platform: Pick<Platform, 'clock' | 'http'>;
  url: string;
  clock: Experiment['clock'];
  /** Each waits until the other side has closed its connection. */
  untilClosed?: boolean;
}

/** Requests of the witness, each on a connection of its own, sent at their times whatever the ones before them do. */
export class Prober {
  readonly #plan: ProbePlan;
  readonly #stop = new AbortController();
  readonly #probes: Probe[] = [];
  readonly #open = new Set<Promise<void>>();
  readonly #running: Promise<void>;

  constructor(plan: ProbePlan) {
    this.#plan = plan;
    this.#running = this.#run().catch(() => {}); // Ends by `#stop`.
  }

  /**
   * Those sent from one time to another, in milliseconds since 1970. What came after it says nothing about the time
   * between: a probe that was open at the end was unanswered, if it had waited long enough to tell, and is left out if not.
   */
  between(from: number, to: number): readonly Probe[] {
    return this.#probes
      .filter(({ at }) => at >= from && at < to)
      .flatMap((probe) => (probe.at + probe.ms <= to ? probe : openAt(probe, to)));
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('probing ended'));
    await this.#running;
    await Promise.all(this.#open);
  }

  async #run(): Promise<void> {
    const { clock } = this.#plan.platform;
    for (let due = clock.monotonic(); ; due += everyMs) {
      await clock.sleep(Math.max(0, due - clock.monotonic()), this.#stop.signal);
      if (this.#open.size >= mostInFlight) continue;
      const sending = this.#send().finally(() => this.#open.delete(sending));
      this.#open.add(sending);
    }
  }

  async #send(): Promise<void> {
    const { platform, untilClosed } = this.#plan;
    const at = platform.clock.now();
    const began = platform.clock.monotonic();
    const asking = untilClosed ? this.#askUntilClosed() : this.#ask();
    const seen: Omit<Probe, 'at' | 'ms'> = await asking.catch((error: unknown) => ({
      outcome: this.#outcomeOf(error),
      status: undefined,
      serverTime: undefined,
      bytes: 0,
    }));
    const ms = platform.clock.monotonic() - began - (seen.openMs ?? 0);
    const unknown = this.#stop.signal.aborted && seen.outcome === 'timeout' && ms < tellingMs;
    if (!unknown) this.#probes.push({ at, ms, ...seen });
  }

  async #askUntilClosed(): Promise<Omit<Probe, 'at' | 'ms'>> {
    const { url, platform } = this.#plan;
    const signal = AbortSignal.any([AbortSignal.timeout(closingTimeoutMs), this.#stop.signal]);
    const { status, bytes, openMs } = await awaitClosing({ url, clock: platform.clock, signal });
    const outcome = status === undefined ? 'timeout' : 'answered';
    return { outcome, status, serverTime: undefined, bytes, openMs };
  }

  async #ask(): Promise<Omit<Probe, 'at' | 'ms'>> {
    const { platform, url } = this.#plan;
    const answer = await platform.http.send({ url, timeoutMs, signal: this.#stop.signal });
    const serverTime = serverTimeIn(answer, this.#plan.clock);
    return { outcome: 'answered', status: answer.status, serverTime, bytes: Buffer.byteLength(answer.body) };
  }

  #outcomeOf(error: unknown): Probe['outcome'] {
    const code = codeOf(error);
    if (this.#stop.signal.aborted || code === 'ETIMEDOUT' || code === 'ABORT_ERR') return 'timeout';
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'refused';
    return code === 'ECONNRESET' || code === 'EPIPE' ? 'reset' : 'malformed';
  }
}

function openAt({ at }: Probe, to: number): Probe[] {
  if (to - at < tellingMs) return [];
  return [{ at, ms: to - at, outcome: 'timeout', status: undefined, serverTime: undefined, bytes: 0 }];
}

/** What the answer says the time is, in milliseconds since 1970. */
export function serverTimeIn(
  answer: Pick<HttpAnswer, 'headers' | 'body'>,
  clock: Experiment['clock'],
): number | undefined {
  const told = clock ? toldIn(answer.body, clock) : answer.headers['date'];
  const ms =
    typeof told === 'number' ? inMilliseconds(told) : typeof told === 'string' ? timeIn(told) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

/** Without a path, the body is the time. */
function toldIn(body: string, { json }: NonNullable<Experiment['clock']>): unknown {
  return json === undefined ? body.trim() : valuesAt(body, json)[0];
}

function timeIn(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? inMilliseconds(Number(text)) : Date.parse(text);
}

/** Seconds since 1970 stay below 10^11 until the year 5138; milliseconds have been above it since 1973. */
const inMilliseconds = (value: number): number => (value < 1e11 ? value * 1_000 : value);

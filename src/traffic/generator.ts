import type { Dial } from '../platform/tls.ts';
import type { Exchange, Problem } from './exchange.ts';
import { OpenWindows, type WindowSamples } from './open-windows.ts';
import { cheapPacer, precisePacer } from './pacer.ts';
import { Pool } from './pool.ts';
import type { MeterPlan, MeterSection } from './report.ts';
import { requestTemplate } from './request-template.ts';
import type { ResponseHead } from './response-head.ts';
import { dueMs } from './schedule.ts';
import { type Failure, Tally, type Totals } from './tally.ts';

/** Where a generator tells what happens while it runs. */
export interface GeneratorSink {
  windows(windows: WindowSamples[]): void;
  failures(failures: Failure[]): void;
}

/** A send that leaves later than this after its intended time counts as late, in milliseconds. */
const lateAfterMs = { cheap: 5, precise: 1 } as const;
/** Timeouts, windows and idle connections are looked at so often. */
const sweepMs = 20;
/** Failures told in one sweep; all are counted. */
const mostFailuresTold = 50;
/** Requests sent before the event loop gets a turn to take in answers. */
const burst = 64;

/**
 * Sends requests at times fixed in advance and keeps the tally. With `rate: 'max'` it is a closed loop instead: each
 * connection sends its next request when it has its answer.
 */
export class Generator {
  readonly #plan: MeterPlan;
  readonly #sink: GeneratorSink;
  readonly #tally: Tally;
  readonly #windows = new OpenWindows();
  readonly #pool: Pool;
  #allowed: ReadonlySet<string> | undefined;
  #startedMs = 0;
  #n = 0;
  /** Requests in the order of their due times; those before `#oldest` are settled. */
  #flight: Exchange[] = [];
  #oldest = 0;
  #unsettled = 0;
  #isSending = false;
  /** Requests of the closed loop that wait for the end of this turn. */
  #owed = 0;
  #told = 0;
  #untold: Failure[] = [];
  #endPacer: () => void = () => {};
  #sweeper: NodeJS.Timeout | undefined;
  readonly #done = Promise.withResolvers<void>();

  /** @throws UserError when the plan's request cannot be sent */
  constructor(plan: MeterPlan, dial: Dial, sink: GeneratorSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#tally = new Tally(lateAfterMs[plan.mode]);
    this.allowVersions(plan.version?.allowed);
    const expected = { versionHeader: plan.version?.header.toLowerCase(), method: plan.method };
    this.#pool = new Pool({
      line: {
        dial,
        expected,
        lastHead: { bytes: undefined, head: undefined },
        buffer: Buffer.alloc(65_536),
      },
      maxConnections: plan.maxConnections,
      connections: plan.connections,
      bytesOf: requestTemplate(plan),
      now: () => this.#now(),
      answered: (exchange, head) => this.#answered(exchange, head),
      broken: (exchange, problem) => this.#failed(exchange, problem),
    });
  }

  /** Resolves when the sending has ended and every request is settled. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  start(): void {
    this.#isSending = true;
    this.#startedMs = performance.now();
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs);
    const { mode, rate, maxConnections } = this.#plan;
    if (rate === 'max') for (let i = 0; i < maxConnections; i += 1) this.#send(this.#now(), 0);
    else this.#endPacer = (mode === 'cheap' ? cheapPacer : precisePacer)(this.#sendDue);
  }

  /** Sends nothing more; `done` follows when what is in flight is settled, after the timeout at the latest. */
  stop(): void {
    if (!this.#isSending) return;
    this.#isSending = false;
    this.#endPacer();
    this.#tally.end(Math.min(this.#now(), this.#plan.durationMs ?? Number.POSITIVE_INFINITY));
    if (this.#unsettled === 0) this.#finish();
  }

  allowVersions(versions: readonly string[] | undefined): void {
    this.#allowed = versions && new Set(versions);
  }

  mark(name: string): void {
    if (this.#isSending) this.#tally.mark(name, this.#now());
  }

  sections(): MeterSection[] {
    return this.#tally.sections(this.#now());
  }

  totals(): Totals {
    return this.#tally.totals(this.#now());
  }

  #now(): number {
    return performance.now() - this.#startedMs;
  }

  /** When the next request is due; infinity when there is none. */
  #nextDueMs(): number {
    return dueMs(this.#n, this.#plan);
  }

  readonly #sendDue = (): number => {
    for (let i = 0; i < burst; i += 1) {
      const due = this.#nextDueMs();
      const now = this.#now();
      if (due > now) return due - now;
      this.#send(due, now - due);
    }
    return 0;
  };

  #send(dueMs: number, lateMs: number): void {
    this.#n += 1;
    const { section } = this.#tally;
    const window = this.#windows.at(dueMs);
    const exchange: Exchange = { n: this.#n, dueMs, section, window, connection: undefined, settled: false };
    window.sent += 1;
    this.#unsettled += 1;
    this.#tally.sent(section, lateMs);
    this.#flight.push(exchange);
    this.#pool.dispatch(exchange);
  }

  #answered(exchange: Exchange, head: ResponseHead): void {
    const problem = this.#judge(head);
    if (problem) {
      this.#failed(exchange, problem);
      return;
    }
    const { window, section, dueMs } = exchange;
    const nowMs = this.#now();
    const latencyMs = nowMs - dueMs;
    const color = head.color ?? 'unknown';
    window.answered += 1;
    window.byColor.add(color);
    window.latenciesUs.push(Math.round(latencyMs * 1_000));
    this.#tally.answered(section, { nowMs, latencyMs, color, version: head.version ?? 'unknown' });
    this.#settle(exchange);
  }

  #judge({ status, version }: ResponseHead): Problem | undefined {
    const { expectStatus, method, path } = this.#plan;
    const isExpected = expectStatus === undefined ? status < 400 : status === expectStatus;
    if (!isExpected) return { kind: 'bad-status', detail: `${method} ${path}: ${status}` };
    if (!this.#allowed || (version !== undefined && this.#allowed.has(version))) return undefined;
    const found = version === undefined ? 'no version' : `version ${version.slice(0, 100)}`;
    return { kind: 'wrong-version', detail: `${found} answered, not ${[...this.#allowed].join(' or ')}` };
  }

  #failed(exchange: Exchange, { kind, detail }: Problem): void {
    exchange.window.failed += 1;
    const failure = { atMs: this.#now(), kind, detail };
    this.#tally.failed(exchange.section, failure);
    this.#tell(failure);
    this.#settle(exchange);
  }

  #settle(exchange: Exchange): void {
    exchange.settled = true;
    this.#unsettled -= 1;
    if (this.#isSending && this.#plan.rate === 'max') this.#owe();
    else if (!this.#isSending && this.#unsettled === 0) this.#finish();
  }

  /** Closed loop: the next request follows when all answers of this turn of the event loop are taken in. */
  #owe(): void {
    this.#owed += 1;
    if (this.#owed === 1) setImmediate(this.#sendOwed);
  }

  readonly #sendOwed = (): void => {
    const owed = this.#owed;
    this.#owed = 0;
    for (let i = 0; i < owed && this.#isSending; i += 1) this.#send(this.#now(), 0);
  };

  /** The first failure is told at once, those that follow with the next sweep. */
  #tell(failure: Failure): void {
    this.#told += 1;
    if (this.#told === 1) this.#sink.failures([failure]);
    else if (this.#told <= mostFailuresTold) this.#untold.push(failure);
  }

  #tellRest(): void {
    if (this.#untold.length > 0) this.#sink.failures(this.#untold);
    this.#untold = [];
    this.#told = 0;
  }

  #sweep(): void {
    const now = this.#now();
    this.#expire(now);
    this.#pool.sweep();
    this.#tellRest();
    const complete = this.#isSending ? this.#windows.takeComplete(Math.min(now, this.#nextDueMs())) : [];
    if (complete.length > 0) this.#sink.windows(complete);
    const { durationMs } = this.#plan;
    if (durationMs !== undefined && now >= durationMs && this.#nextDueMs() >= durationMs) this.stop();
  }

  /** Fails what has waited for too long. The list is cut off now and then, so that each entry moves rarely. */
  #expire(now: number): void {
    for (let exchange = this.#flight[this.#oldest]; exchange; exchange = this.#flight[this.#oldest]) {
      if (!exchange.settled) {
        if (now - exchange.dueMs < this.#plan.timeoutMs) break;
        const missing = this.#pool.abandon(exchange);
        this.#failed(exchange, {
          kind: 'timeout',
          detail: `waited for ${missing} for ${this.#plan.timeoutMs} ms`,
        });
      }
      this.#oldest += 1;
    }
    if (this.#oldest < this.#flight.length / 2) return;
    this.#flight = this.#flight.slice(this.#oldest);
    this.#oldest = 0;
  }

  #finish(): void {
    clearInterval(this.#sweeper);
    this.#tellRest();
    this.#sink.windows(this.#windows.takeAll());
    this.#pool.close();
    this.#done.resolve();
  }
}

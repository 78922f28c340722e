import type { HttpAnswer } from '../platform/http.ts';
import type { Platform } from '../platform/platform.ts';
import type { LedgerRecord } from '../report/proof.ts';
import { valuesAt } from './json-path.ts';
import { judgeLedger, type Written } from './ledger-judge.ts';
import { isOneByOne, readBack } from './ledger-read.ts';
import type { Experiment } from './schema.ts';

type Spec = NonNullable<Experiment['ledger']>;

/** Writes that hang must not pile up without end; what is due meanwhile is left out. */
const mostInFlight = 64;
const readEveryMs = 250;

export interface LedgerPlan {
  platform: Pick<Platform, 'clock' | 'http'>;
  /** `http://host:port` */
  origin: string;
  spec: Spec;
  /** Which ledger of the run it is, from 0. */
  place: number;
}

/** Ledgers that run at the same time number their writes a year apart. */
const yearMs = 31_536_000_000;

/**
 * Numbered writes at a steady rate from its construction to `finish`. Numbers go up from the time of the start in
 * milliseconds since 1970, so that those of one run are never those of another: there are at most 500 a second, and 1,000 numbers. Nothing is written twice: a write that
 * was not acknowledged is unknown.
 */
export class Ledger {
  readonly #plan: LedgerPlan;
  readonly #first: number;
  readonly #written: Written[] = [];
  readonly #open = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(plan: LedgerPlan) {
    this.#plan = plan;
    this.#first = plan.platform.clock.now() + plan.place * yearMs;
    this.#running = this.#run().catch(() => {}); // Ends by `#stop`.
  }

  /** Stops writing and waits for what is under way. */
  async finish(): Promise<void> {
    this.#stop.abort(new Error('the last write was made'));
    await this.#running;
    await Promise.all(this.#open);
  }

  /** Reads everything back, and again until nothing is missing or `within` is over. Call after `finish`. */
  async verify(signal: AbortSignal): Promise<LedgerRecord> {
    const { platform, origin, spec } = this.#plan;
    const until = platform.clock.monotonic() + spec.read.within;
    const { read } = spec;
    const order = isOneByOne(read.path) ? 'any' : read.order;
    for (;;) {
      const record = judgeLedger(
        this.#written,
        await readBack({ platform, origin, read, signal }, this.#written),
        order,
      );
      const isOver = platform.clock.monotonic() >= until;
      if (isOver || (record.verdict !== 'inconclusive' && record.lost === 0)) return record;
      await platform.clock.sleep(readEveryMs, signal);
    }
  }

  async #run(): Promise<void> {
    const { platform, spec } = this.#plan;
    const begun = platform.clock.monotonic();
    for (let index = 0; ; index += 1) {
      const due = begun + (index * 1_000) / spec.rate;
      await platform.clock.sleep(Math.max(0, due - platform.clock.monotonic()), this.#stop.signal);
      if (this.#open.size >= mostInFlight) continue;
      const writing = this.#write(this.#first + index).finally(() => this.#open.delete(writing));
      this.#open.add(writing);
    }
  }

  async #write(n: number): Promise<void> {
    const { platform, origin, spec } = this.#plan;
    const { method, path, headers, body, status, id } = spec.write;
    const written: Written = { n, sentMs: platform.clock.monotonic(), acknowledgedMs: undefined };
    this.#written.push(written);
    const answer = await platform.http
      .send({
        url: origin + numbered(path, n),
        method,
        headers: headersOf(headers, body),
        ...(body === undefined ? {} : { body: numbered(body, n) }),
        timeoutMs: spec.timeout,
      })
      .catch(() => undefined);
    if (!answer || !isAcknowledged(answer, status)) return;
    written.acknowledgedMs = platform.clock.monotonic();
    const told = id && valuesAt(answer.body, id)[0];
    if (told !== undefined) written.id = String(told);
  }
}

const numbered = (text: string, n: number): string => text.replaceAll('{n}', String(n));

const isAcknowledged = ({ status }: HttpAnswer, expected: number | undefined): boolean =>
  expected === undefined ? status >= 200 && status < 300 : status === expected;

/** A body is JSON unless a header says otherwise, as with the meter. */
function headersOf(
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Record<string, string> {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return { ...(body !== undefined && !named ? { 'content-type': 'application/json' } : {}), ...headers };
}

import type { Query } from '../config/json-path/query.ts';
import { messageOf } from '../platform/errors.ts';
import type { HttpAnswer } from '../platform/http.ts';
import type { Platform } from '../platform/platform.ts';
import type { LedgerRecord } from '../report/proof.ts';
import { everyItem, listOf, parsed, valuesAt } from './json-path.ts';
import { judgeLedger, type ReadBack, type Written } from './ledger-judge.ts';
import type { Experiment } from './schema.ts';

type Spec = NonNullable<Experiment['ledger']>;

/** Writes that hang must not pile up without end; what is due meanwhile is left out. */
const mostInFlight = 64;
const readTimeoutMs = 5_000;
const readEveryMs = 250;
/** Items that are asked for one by one, at a time. */
const readsAtOnce = 16;

export interface LedgerPlan {
  platform: Pick<Platform, 'clock' | 'http'>;
  /** `http://host:port` */
  origin: string;
  spec: Spec;
}

/**
 * Numbered writes at a steady rate from its construction to `finish`. Numbers go up from the time of the start in
 * milliseconds since 1970, so that those of one run are never those of another. Nothing is written twice: a write that
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
    this.#first = plan.platform.clock.now();
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
    const { platform, spec } = this.#plan;
    const until = platform.clock.monotonic() + spec.read.within;
    // Items that are asked for one by one come in the order in which they were asked for.
    const order = spec.read.path.includes('{n}') ? 'any' : spec.read.order;
    for (;;) {
      const record = judgeLedger(this.#written, await this.#readBack(signal), order);
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
    const { method, path, headers, body, status } = spec.write;
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
    if (answer && isAcknowledged(answer, status)) written.acknowledgedMs = platform.clock.monotonic();
  }

  async #readBack(signal: AbortSignal): Promise<ReadBack> {
    const { path } = this.#plan.spec.read;
    try {
      return { found: path.includes('{n}') ? await this.#readEach(signal) : await this.#readAll(signal) };
    } catch (error) {
      signal.throwIfAborted();
      return { why: messageOf(error) };
    }
  }

  async #readAll(signal: AbortSignal): Promise<readonly number[]> {
    const { path, json } = this.#plan.spec.read;
    const answer = await this.#get(path, signal);
    if (answer.status >= 300) throw new Error(`${path} answers ${answer.status}`);
    return numbersIn(answer.body, { path, json: json ?? everyItem });
  }

  async #readEach(signal: AbortSignal): Promise<readonly number[]> {
    const rest = [...this.#written];
    const found: number[] = [];
    const work = async () => {
      for (let next = rest.shift(); next; next = rest.shift())
        found.push(...(await this.#readOne(next.n, signal)));
    };
    await Promise.all(Array.from({ length: readsAtOnce }, work));
    return found.toSorted((a, b) => a - b);
  }

  async #readOne(n: number, signal: AbortSignal): Promise<readonly number[]> {
    const { path, json } = this.#plan.spec.read;
    const answer = await this.#get(numbered(path, n), signal);
    if (answer.status === 404 || answer.status === 410) return [];
    if (answer.status >= 300) throw new Error(`${numbered(path, n)} answers ${answer.status}`);
    return json === undefined ? [n] : valuesAt(answer.body, json).map(Number);
  }

  #get(path: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { platform, origin, spec } = this.#plan;
    return platform.http.send({
      url: origin + path,
      headers: { ...spec.read.headers },
      timeoutMs: readTimeoutMs,
      signal,
    });
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

/**
 * The numbers in a list that was read back; an empty list is one.
 * @throws Error where there is no list, or no numbers in it: that says nothing about what was written
 */
function numbersIn(body: string, { path, json }: { path: string; json: Query }): readonly number[] {
  if (parsed(body) === undefined) throw new Error(`${path} does not answer with JSON`);
  if (valuesAt(body, listOf(json)).length === 0)
    throw new Error(`${path} has no list where one is looked for`);
  const numbers = valuesAt(body, json).map(Number);
  if (numbers.length > 0 && !numbers.some(Number.isFinite))
    throw new Error(`${path} has no numbers in its list`);
  return numbers;
}

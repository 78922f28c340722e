import { Cancelled, UserError } from '../platform/errors.ts';
import type { CheckRecord } from '../report/proof.ts';
import { type Tried, tryFor } from './attempts.ts';
import type { Attempt, CheckContext } from './check.ts';
import { captured, fill, missingIn, referencesIn } from './fill.ts';
import { type Found, found, skipped } from './findings.ts';
import { needsOf, waitsFor } from './order.ts';
import { tell } from './progress.ts';
import { Reached } from './reach.ts';
import { Redaction } from './redaction.ts';
import type { SmokeRequest } from './run.ts';
import type { SmokeCheck } from './schema.ts';
import { Slots } from './slots.ts';

/** So many checks run at the same time: enough to be quick, few enough not to be a load. */
const mostAtOnce = 16;

/** Runs lists of checks; what one has captured, reached and learnt of versions holds for the next one, too. */
export class Runner {
  readonly #request: SmokeRequest;
  readonly #signal: AbortSignal;
  readonly #startedMs: number;
  readonly #reached = new Reached();
  readonly #redaction: Redaction;
  readonly #slots = new Slots(mostAtOnce);
  readonly #answers = new Map<string, unknown>();
  readonly #records = new Map<string, CheckRecord>();
  /** What the version check of a component saw, where that was wrong. */
  readonly #wrongVersions = new Map<string, string>();

  constructor(request: SmokeRequest) {
    this.#request = request;
    this.#signal = request.signal ?? new AbortController().signal;
    this.#startedMs = request.platform.clock.monotonic();
    this.#redaction = new Redaction(request.secrets);
  }

  /** Each check starts when those that it waits for have ended. @returns records in the order of the list */
  async run(checks: readonly SmokeCheck[]): Promise<readonly CheckRecord[]> {
    const waits = waitsFor(checks);
    const running = new Map<string, Promise<CheckRecord>>();
    const start = (check: SmokeCheck): Promise<CheckRecord> => {
      const known = running.get(check.name);
      if (known) return known;
      const before = checks.filter(({ name }) => waits.get(check.name)?.includes(name));
      const record = Promise.all(before.map(start)).then(() => this.#turn(check, checks));
      running.set(check.name, record);
      return record;
    };
    return Promise.all(checks.map(start));
  }

  async #turn(check: SmokeCheck, all: readonly SmokeCheck[]): Promise<CheckRecord> {
    const places = check.kind.alone(check.spec) ? this.#slots.total : 1;
    const record = await this.#slots.hold(places, async () => {
      const atMs = this.#request.platform.clock.monotonic() - this.#startedMs;
      return this.#recordOf(check, atMs, await this.#outcome(check, all));
    });
    this.#records.set(check.name, record);
    if (
      check.kind.kind === 'version' &&
      record.finding === 'wrong-version' &&
      check.component !== undefined
    ) {
      this.#wrongVersions.set(check.component, record.detail);
    }
    tell(record, this.#request.platform);
    return record;
  }

  async #outcome(check: SmokeCheck, all: readonly SmokeCheck[]): Promise<Found> {
    if (this.#signal.aborted) return skipped('cancelled', 'cancelled before it was run');
    const reason = this.#hindrance(check);
    if (reason !== undefined) return skipped('inconclusive', reason);
    try {
      const tried = await this.#try(check);
      if (tried.last.ok) this.#keep(check.name, tried.last.answer, all);
      return found(tried, this.#wrongVersionFor(check));
    } catch (error) {
      if (!this.#signal.aborted) throw error;
      return skipped('cancelled', 'cancelled while it was run');
    }
  }

  /** Why a check cannot be run; undefined: it can. */
  #hindrance(check: SmokeCheck): string | undefined {
    for (const name of needsOf(check)) {
      const need = this.#records.get(name);
      if (need === undefined) return `needs ${name}, which was not run`;
      if (need.verdict !== 'passed') return `needs ${name}, which did not pass`;
    }
    const missing = missingIn(check.spec, this.#answers);
    if (missing) return `the answer of ${missing.check} holds no ${missing.path.join('.')}`;
    const wrong = check.kind.kind === 'load' ? this.#wrongVersionFor(check) : undefined;
    return wrong === undefined ? undefined : `no load on the wrong release: ${wrong}`;
  }

  #wrongVersionFor({ kind, component }: SmokeCheck): string | undefined {
    const { aim } = this.#request;
    const about = component ?? aim.component;
    return kind.kind === 'version' || about === undefined ? undefined : this.#wrongVersions.get(about);
  }

  #try(check: SmokeCheck): Promise<Tried> {
    const { kind } = check;
    const spec = fill(check.spec, this.#answers);
    return tryFor(check, {
      clock: this.#request.platform.clock,
      signal: this.#signal,
      attempt: (signal) => answered(() => kind.attempt(spec, this.#contextOf(check, signal))),
    });
  }

  #contextOf({ component, timeoutMs }: SmokeCheck, signal: AbortSignal): CheckContext {
    const { aim, platform, startMeter, folder } = this.#request;
    return {
      platform,
      aim,
      component: component ?? aim.component,
      signal,
      timeoutMs,
      reached: this.#reached,
      shown: (text) => this.#redaction.shown(text),
      startMeter,
      folder,
    };
  }

  /** Keeps an answer for later checks. What they will take from it is a secret before anything is shown. */
  #keep(name: string, answer: unknown, all: readonly SmokeCheck[]): void {
    this.#answers.set(name, answer);
    const uses = all.flatMap(({ spec }) => referencesIn(spec)).filter(({ check }) => check === name);
    this.#redaction.add(uses.flatMap(({ path }) => captured(answer, path) ?? []));
  }

  #recordOf({ name, kind, component }: SmokeCheck, atMs: number, what: Found): CheckRecord {
    const about = component ?? this.#request.aim.component;
    return {
      name,
      kind: kind.kind,
      ...(about === undefined ? {} : { component: about }),
      ...this.#redaction.all(what),
      durationMs: round(what.durationMs),
      atMs: round(atMs),
    };
  }
}

/** A target that cannot say where something is, or cannot do it, says nothing about the release. */
async function answered(attempt: () => Promise<Attempt>): Promise<Attempt> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Cancelled) throw error;
    const { message: detail, next } = error;
    return { ok: false, finding: 'unreachable-from-here', detail, ...(next === undefined ? {} : { next }) };
  }
}

/** To whole microseconds. */
const round = (ms: number): number => Math.round(ms * 1_000) / 1_000;

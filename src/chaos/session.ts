import { Cancelled, messageOf } from '../platform/errors.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { ExperimentRecord } from '../report/proof.ts';
import type { Finding } from '../report/record.ts';
import type { FaultControl } from '../targets/fault.ts';
import type { KeptLease } from '../targets/lease.ts';
import type { Target } from '../targets/target.ts';
import type { Hit } from './guards.ts';
import { ChaosJournal } from './journal.ts';
import type { ChaosRequest } from './request.ts';

/** How a run ended, decided at one place of the story. */
export interface Ending {
  verdict: Verdict;
  reason: string;
}

/** The state of one run: what was asked, what is held, what was seen. */
export class Session {
  readonly request: ChaosRequest;
  readonly seed: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly records: ExperimentRecord[] = [];
  readonly findings: Finding[] = [];
  /** What the faults of this run hit right now, by their id in the target. */
  readonly hits = new Map<string, Hit>();
  readonly #began: number;
  /** Tells the faults of this run from those of any other. */
  readonly #run: string;
  #ledgers = 0;
  #lease: KeptLease | undefined;
  #token: number | undefined;
  #journal: ChaosJournal | undefined;

  constructor(request: ChaosRequest) {
    const { clock, random } = request.platform;
    this.request = request;
    this.#run = random.hex(4);
    this.seed = request.seed ?? random.hex(4);
    this.startedAt = clock.now();
    this.#began = clock.monotonic();
    this.#token = request.token;
  }

  /** Which ledger of this run the next one is, from 0. */
  nextLedger(): number {
    this.#ledgers += 1;
    return this.#ledgers - 1;
  }

  get target(): Target {
    return this.request.target;
  }

  get elapsedMs(): number {
    return this.request.platform.clock.monotonic() - this.#began;
  }

  /** @throws Error where the target has none; whoever plans has looked */
  get faults(): FaultControl {
    if (!this.target.faults) throw new Error('the target breaks nothing');
    return this.target.faults;
  }

  holds(lease: KeptLease): void {
    this.#lease = lease;
    this.#token = lease.token;
  }

  /** The fencing token that every write carries. */
  get token(): number {
    if (this.#token === undefined) throw new Error('a write was attempted without the lease');
    return this.#token;
  }

  get journal(): ChaosJournal {
    const { token, seed, startedAt } = this;
    const { holder } = this.request;
    this.#journal ??= new ChaosJournal(this.target.journal, { token, holder, seed, startedAt });
    return this.#journal;
  }

  /** Aborts when the run is cancelled or has lost its lease. */
  get signal(): AbortSignal {
    return this.#lease ? AbortSignal.any([this.request.signal, this.#lease.lost]) : this.request.signal;
  }

  /** @throws Cancelled, or LeaseLost, instead of breaking anything more */
  check(): void {
    this.#lease?.lost.throwIfAborted();
    if (this.request.signal.aborted) throw new Cancelled('cancelled');
  }

  /** What the target is to know a fault by: `kill-one-gateway-1-3f2a9c01`. */
  idInTarget(id: string): string {
    const readable = id.replace(/[^a-z0-9]+/g, '-').replace(/^-/, '');
    return `${readable}-${this.#run}`;
  }

  note(level: Finding['level'], rule: string, message: string): void {
    this.findings.push({ level, rule, message });
    this.request.platform.emit({ type: 'message', level, text: message });
  }

  /** Runs one step and tells that it goes on and how it went; its failure is thrown on. */
  async step<T>(
    info: { step: string; component?: string; reason: string },
    act: () => Promise<T>,
  ): Promise<T> {
    const { emit, clock } = this.request.platform;
    const began = clock.monotonic();
    emit({ type: 'step', state: 'started', ...info });
    try {
      const result = await act();
      emit({ type: 'step', state: 'finished', ...info, ms: clock.monotonic() - began });
      return result;
    } catch (error) {
      const reason = `${info.reason}: ${messageOf(error)}`;
      emit({ type: 'step', state: 'failed', ...info, reason, ms: clock.monotonic() - began });
      throw error;
    }
  }

  /** Tells of a step that is not taken, with the reason. */
  pass(info: { step: string; component?: string; reason: string }): void {
    this.request.platform.emit({ type: 'step', state: 'skipped', ...info });
  }
}

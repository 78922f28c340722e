import type { Verdict } from '../platform/verdict.ts';
import type { CheckRecord, LedgerRecord } from '../report/proof.ts';
import type { GateRecord } from '../report/record.ts';
import type { Color } from '../targets/target.ts';
import type { MeterReport } from '../traffic/report.ts';
import type { Breach } from './abort.ts';
import type { Witnessed } from './fault.ts';
import { Ledger } from './ledger.ts';
import { colorOf, type PlannedFault } from './plan.ts';
import { Prober } from './probing.ts';
import type { Recovery } from './recovery.ts';
import type { Snapshot } from './restored.ts';
import type { Experiment } from './schema.ts';
import type { Session } from './session.ts';
import { Traffic } from './traffic.ts';
import type { Readings } from './witness.ts';

/** An experiment ends before it has shown anything about the service under the fault. */
export class Unshown extends Error {
  override readonly name = 'Unshown';
  readonly verdict: 'failed' | 'inconclusive';

  constructor(verdict: 'failed' | 'inconclusive', reason: string) {
    super(reason);
    this.verdict = verdict;
  }
}

/** One fault from its intent to its end. Times in milliseconds since 1970. */
export interface Injected {
  fault: PlannedFault;
  idInTarget: string;
  before: Snapshot;
  askedAt: number;
  injectedAt?: number;
  injectMs?: number;
  /** When its end was asked for. */
  endedAt?: number;
  revertedAt?: number;
  revertMs?: number;
  until: number;
  readings?: Readings;
  witnessed?: Witnessed;
  left?: string;
}

/** The state of one experiment while it runs. */
export class Trial {
  readonly session: Session;
  readonly experiment: Experiment;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly injected: Injected[] = [];
  readonly checks: CheckRecord[] = [];
  readonly probers = new Map<string, Prober>();
  planned: readonly PlannedFault[] = [];
  steadyBefore: Verdict | undefined;
  steadyAfter: Verdict | undefined;
  /** Why the steady state did not come back. */
  unsteady: string | undefined;
  breach: Breach | undefined;
  abortedAfterMs: number | undefined;
  /** Sends that the meter itself made late: before the fault, and while it lasted. */
  lateAtFault = 0;
  lateSends = 0;
  /** When the last fault was gone. */
  goneAt: number | undefined;
  recovery: Recovery | undefined;
  ledgerRecord: LedgerRecord | undefined;
  gates: readonly GateRecord[] = [];
  report: MeterReport | undefined;
  ledger: Ledger | undefined;
  #traffic: Traffic | undefined;
  readonly #beganMs: number;

  constructor(session: Session, experiment: Experiment) {
    const { clock } = session.request.platform;
    this.session = session;
    this.experiment = experiment;
    this.startedAt = clock.now();
    this.#beganMs = clock.monotonic();
  }

  get elapsedMs(): number {
    return this.session.request.platform.clock.monotonic() - this.#beganMs;
  }

  get traffic(): Traffic {
    if (!this.#traffic) throw new Error('traffic was not started');
    return this.#traffic;
  }

  /** A step of this experiment. */
  step<T>(step: string, reason: string, act: () => Promise<T>): Promise<T> {
    return this.session.step({ step: `${this.experiment.name}: ${step}`, reason }, act);
  }

  /** Sends traffic, probes and numbered writes through the aimed route. */
  async start(): Promise<void> {
    const { startMeter, platform } = this.session.request;
    const { traffic: plan, ledger: spec, clock } = this.experiment;
    this.#traffic = await Traffic.start({
      startMeter,
      platform,
      origin: await this.origin(plan.component),
      plan,
    });
    for (const fault of this.planned) {
      const { name, health } = fault.aim.component;
      const origin = await this.origin(name, fault.aim.color);
      const url = origin + (clock?.http ?? health.http);
      const key = placeOf(fault);
      const untilClosed = fault.kind.probesUntilClosed ?? false;
      if (!this.probers.has(key)) this.probers.set(key, new Prober({ platform, url, clock, untilClosed }));
    }
    if (spec) {
      const place = this.session.nextLedger();
      this.ledger = new Ledger({ platform, origin: await this.origin(spec.component), spec, place });
    }
  }

  proberOf(fault: PlannedFault): Prober {
    const prober = this.probers.get(placeOf(fault));
    if (!prober) throw new Error('a fault without probes');
    return prober;
  }

  /**
   * Where the aimed colour of a component is reached, or the live route.
   * @throws Unshown where nothing of the component runs there
   */
  async origin(component: string, hit?: Color): Promise<string> {
    const { target, standby = {} } = this.session.request;
    const { aim } = this.experiment;
    const state = (await target.inspect()).components[component];
    const color = state && (hit ?? colorOf({ component, color: undefined }, { aim, state, standby }));
    if (!state || !color) throw new Unshown('inconclusive', `${aim} of ${component}: nothing runs there`);
    return target.endpoint(component, aim === 'live' && color === state.route.live ? 'live' : color);
  }

  /** Stops everything that was started here. Never rejects; what a meter that died had seen is lost. */
  async stop(): Promise<void> {
    await Promise.allSettled([
      ...[...this.probers.values()].map((prober) => prober.stop()),
      ...this.injected.map(({ readings }) => readings?.stop()),
      this.ledger?.finish(),
    ]);
    this.report ??= await this.#traffic?.stop().catch(() => undefined);
  }
}

/** Faults at one place share their probes, but for those that have to be of another kind. */
const placeOf = ({ aim, kind }: PlannedFault): string =>
  `${aim.component.name} ${aim.color}${kind.probesUntilClosed ? ' until closed' : ''}`;

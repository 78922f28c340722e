import type { FaultRecord } from '../../report/proof.ts';
import type { Session } from '../session.ts';
import type { Doing } from './deed.ts';
import type { Done, Stage } from './perform.ts';
import type { ToolkitExperiment } from './read.ts';
import { type Redact, redactor } from './redact.ts';

/** The state of one experiment while it runs. */
export class Play {
  readonly session: Session;
  readonly experiment: ToolkitExperiment;
  readonly aim: 'live' | 'standby';
  readonly redact: Redact;
  readonly faults: FaultRecord[] = [];
  /** In the order in which they began. */
  readonly done: Done[] = [];
  /** Whether every probe of the hypothesis was within its tolerance; undefined: it was not looked at. */
  readonly steady: { before?: boolean; after?: boolean } = {};
  isInterrupted = false;
  /** What went wrong that no activity can be blamed for. */
  aborted: unknown;
  readonly startedAt: number;
  readonly #began: number;

  constructor(
    session: Session,
    { experiment, aim }: { experiment: ToolkitExperiment; aim: 'live' | 'standby' },
  ) {
    const { clock } = session.request.platform;
    this.session = session;
    this.experiment = experiment;
    this.aim = aim;
    this.redact = redactor(experiment.secrets);
    this.startedAt = clock.now();
    this.#began = clock.monotonic();
  }

  get elapsedMs(): number {
    return this.session.request.platform.clock.monotonic() - this.#began;
  }

  of(stage: Stage): readonly Done[] {
    return this.done.filter((one) => one.stage === stage);
  }

  doing(signal: AbortSignal): Doing {
    const { session, aim, faults } = this;
    return { session, aim, faults, signal, title: this.experiment.title };
  }
}

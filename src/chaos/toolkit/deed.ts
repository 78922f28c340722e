import type { FaultRecord } from '../../report/proof.ts';
import type { Session } from '../session.ts';
import type { Kill } from './kill.ts';

/** What an activity is done with. */
export interface Doing {
  session: Session;
  /** Which colour functions about instances mean. */
  aim: 'live' | 'standby';
  signal: AbortSignal;
  /** Every fault of the experiment so far. */
  faults: FaultRecord[];
  /** Title of the experiment. */
  title: string;
  /** The output of the probe that a tolerance of type probe judges. */
  value?: unknown;
}

/** What an activity does, read and ready to be done. */
export interface Deed {
  /** `http`, `process` or the name of a function, for records. */
  kind: string;
  /** For `plan`: `GET http://…/health`; may hold secrets. */
  what: string;
  /**
   * @returns its output, as Chaos Toolkit has it
   * @throws ActivityFailed when it could not be done
   */
  act(doing: Doing): Promise<unknown>;
  /** Why an output is not what an action has to come to; a probe may see anything. */
  failure?(output: unknown): string | undefined;
  /** Set where it ends processes on purpose. */
  kill?: Kill;
}

/** An activity came to nothing. `inconclusive`: nothing was learnt about the service by it. */
export class ActivityFailed extends Error {
  override readonly name = 'ActivityFailed';
  readonly verdict: 'failed' | 'inconclusive';

  constructor(message: string, verdict: 'failed' | 'inconclusive' = 'failed') {
    super(message);
    this.verdict = verdict;
  }
}

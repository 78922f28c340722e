import type { Clock } from '../../../platform/clock.ts';
import { UserError } from '../../../platform/errors.ts';
import type { ColorTraffic, Retired, RetireRequest } from '../../target.ts';
import type { Retirement } from '../state.ts';

/** What retiring a colour does and asks. */
export interface RetireEffects {
  clock: Clock;
  /** As it is now; null when somebody called it off. */
  retirement(): Retirement | null;
  isAbsent(): boolean;
  /** Durable when it resolves; rejects when the colour is live. */
  mark(retirement: Retirement): Promise<void>;
  traffic(): ColorTraffic;
  /** Requests that the colour answered after the last switch. */
  answeredAfterSwitch(): number;
  /** Closes what is still open and resolves with how many that were. */
  closeRest(): Promise<number>;
  stop(): Promise<void>;
}

/** How often the traffic of a colour that drains is looked at. */
const pollMs = 20;

/**
 * Drains a colour, then keeps it warm or stops it. Retiring one that is warm already stops it when it is not to be kept,
 * and does nothing otherwise.
 * @throws UserError when the colour is made live or prepared again meanwhile
 */
export async function retire(
  effects: RetireEffects,
  request: Pick<RetireRequest, 'drainMs' | 'quietMs' | 'keepMs'>,
): Promise<Retired> {
  const found = effects.retirement();
  if (effects.isAbsent()) return ended(effects, { drained: 'quiet', residual: 0 });
  if (found?.phase === 'warm' && request.keepMs > 0) {
    return ended(effects, { drained: 'quiet', residual: 0, keepUntil: found.keepUntil });
  }
  const drained =
    found?.phase === 'warm' || found?.phase === 'stopping'
      ? ({ drained: 'quiet', residual: 0 } as const)
      : await drain(effects, request);
  if (request.keepMs > 0) {
    const keepUntil = effects.clock.now() + request.keepMs;
    await effects.mark({ phase: 'warm', keepUntil });
    return ended(effects, { ...drained, keepUntil });
  }
  const result = ended(effects, drained);
  await effects.stop();
  return result;
}

type Drained = Pick<Retired, 'drained' | 'residual'>;

async function drain(
  effects: RetireEffects,
  request: Pick<RetireRequest, 'drainMs' | 'quietMs' | 'keepMs'>,
): Promise<Drained> {
  const { clock } = effects;
  const deadline = clock.now() + request.drainMs;
  await effects.mark({
    phase: 'draining',
    deadline,
    quietMs: request.quietMs,
    keepMs: request.keepMs,
  });
  for (;;) {
    if (effects.retirement()?.phase !== 'draining') throw calledOff();
    const now = clock.now();
    if (isQuiet(effects.traffic(), request.quietMs, now)) {
      return { drained: 'quiet', residual: 0 };
    }
    if (now >= deadline) return { drained: 'deadline', residual: await effects.closeRest() };
    await clock.sleep(Math.min(pollMs, deadline - now));
  }
}

/** Nothing open, and nothing answered for so long. */
export function isQuiet(traffic: ColorTraffic, quietMs: number, now: number): boolean {
  if (traffic.inFlight > 0 || traffic.upgraded > 0) return false;
  return traffic.lastAnswerAt === undefined || now - traffic.lastAnswerAt >= quietMs;
}

function ended(effects: RetireEffects, how: Drained & { keepUntil?: number }): Retired {
  return {
    drained: how.drained,
    residual: how.residual,
    answeredAfterSwitch: effects.answeredAfterSwitch(),
    keepUntil: how.keepUntil,
  };
}

/** Somebody needs the colour again. */
export const calledOff = () =>
  new UserError('the colour was taken into use again while it was being retired', {
    next: 'cutover status',
  });

import type { Color } from '../../../config/model.ts';
import type { Retired, RetireRequest } from '../../target.ts';
import type { Retirement } from '../state.ts';
import { type RetireEffects, retire } from './retirement.ts';
import type { Supervision } from './supervision.ts';

/** The colours of one component that are on their way out, each retired once whoever asks. */
export class Retirements {
  readonly #supervision: Supervision;
  readonly #component: string;
  readonly #effects: (color: Color, token?: number) => RetireEffects;
  readonly #running: Partial<Record<Color, Promise<Retired>>> = {};

  constructor(
    supervision: Supervision,
    component: string,
    effects: (color: Color, token?: number) => RetireEffects,
  ) {
    this.#supervision = supervision;
    this.#component = component;
    this.#effects = effects;
  }

  async run(request: Omit<RetireRequest, 'signal'>): Promise<Retired> {
    const { color, token } = request;
    const once = () => this.#once(color, () => retire(this.#effects(color, token), request));
    const retired = await once();
    // Somebody else's retirement, which was waited for, may keep it warm.
    return request.keepMs === 0 && retired.keepUntil !== undefined ? once() : retired;
  }

  /** Goes on with a drain that an earlier supervisor began. */
  resume(color: Color, retirement: Retirement | null): void {
    if (retirement?.phase !== 'draining') return;
    const { quietMs, keepMs, deadline } = retirement;
    const drainMs = Math.max(0, deadline - this.#supervision.platform.clock.now());
    this.#once(color, () => retire(this.#effects(color), { quietMs, keepMs, drainMs })).catch(
      (error: unknown) => this.#supervision.log(`${this.#component}: retiring ${color}: ${error}`),
    );
  }

  /** Two who retire the same colour wait for the same end. */
  #once(color: Color, begin: () => Promise<Retired>): Promise<Retired> {
    const running = this.#running[color];
    if (running) return running;
    const begun = begin().finally(() => {
      delete this.#running[color];
    });
    this.#running[color] = begun;
    return begun;
  }
}

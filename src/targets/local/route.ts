import type { Color } from '../../config/model.ts';
import { messageOf, UserError } from '../../platform/errors.ts';
import { type ColorTraffic, type Route, RouteChanged, type RouteState, type Verified } from '../target.ts';
import type { Follows } from './protocol.ts';
import type { Session } from './session.ts';

export interface RouteParts {
  session: Session;
  component: string;
  state: () => Promise<RouteState>;
  traffic: () => Promise<Readonly<Record<Color, ColorTraffic>>>;
  /** Where clients send their requests. */
  endpoint: () => Promise<string>;
  /** Path of the GET that shows who answers. */
  probePath: string;
}

const verifyWithinMs = 5_000;
const verifyPauseMs = 5;
/** So many probes, each over a connection of its own, have to be answered by the colour. */
const probes = 3;
const probeTimeoutMs = 2_000;

interface Waiting {
  timeoutMs: number;
  signal?: AbortSignal;
}

export function routeOf(parts: RouteParts): Route {
  const { session, component } = parts;
  return {
    read: parts.state,
    switchTo: (color, { expecting, token }) => session.call('switch', { component, color, expecting, token }),
    verify: (color, options = {}) => verify(parts, color, options),
    traffic: parts.traffic,
  };
}

async function verify(
  parts: RouteParts,
  color: Color,
  options: { timeoutMs?: number; signal?: AbortSignal },
): Promise<Verified> {
  const { clock } = parts.session.platform;
  const timeoutMs = options.timeoutMs ?? verifyWithinMs;
  const started = clock.monotonic();
  const startedAt = clock.now();
  for (;;) {
    options.signal?.throwIfAborted();
    const leftMs = Math.max(1, timeoutMs - (clock.monotonic() - started));
    const found = await obstacle(parts, color, { ...options, timeoutMs: Math.min(probeTimeoutMs, leftMs) });
    if (typeof found !== 'string') return verified(found, { startedAt, now: clock.now() });
    if (clock.monotonic() - started >= timeoutMs) {
      throw new UserError(
        `${parts.component}: after ${timeoutMs / 1000} s new requests do not all go to ${color}: ${found}`,
        { next: 'cutover status', docs: 'docs/cutover.md#verify' },
      );
    }
    await clock.sleep(verifyPauseMs, options.signal);
  }
}

/**
 * What the supervisor knows once nothing is in the way, or what is.
 * @throws RouteChanged when the route says something else, which waiting does not change
 */
async function obstacle(parts: RouteParts, color: Color, waiting: Waiting): Promise<Follows | string> {
  const before = await ask(parts, color);
  if (before.route.live !== color) {
    throw new RouteChanged(
      `the route of ${parts.component} is ${before.route.live ?? 'not set'}, not ${color}`,
      {
        next: 'cutover status',
      },
    );
  }
  if (!before.follows) return before.detail ?? 'the proxy does not follow yet';
  const origin = await parts.endpoint();
  const answered = await Promise.all(
    Array.from({ length: probes }, () => probedColor(parts, origin, waiting)),
  );
  const other = answered.find((by) => by !== color);
  return other === undefined ? ask(parts, color) : `a probe was answered by ${other}`;
}

async function ask(parts: RouteParts, color: Color): Promise<Follows> {
  const told = await parts.session.ask('follows', { component: parts.component, color });
  if (told) return told;
  throw new UserError('no supervisor runs: nothing is routed', { next: 'cutover recover' });
}

/** Which colour answers a request that goes the way of every client's; the proxy says so on request. */
async function probedColor(
  parts: RouteParts,
  origin: string,
  { timeoutMs, signal }: Waiting,
): Promise<string> {
  try {
    const answer = await parts.session.platform.http.send({
      url: `${origin}${parts.probePath}`,
      headers: { 'x-cutover-probe': '1' },
      timeoutMs,
      ...(signal ? { signal } : {}),
    });
    const color = answer.headers['x-cutover-color'];
    return typeof color === 'string' ? color : `nobody (status ${answer.status})`;
  } catch (error) {
    signal?.throwIfAborted();
    return `nobody (${messageOf(error)})`;
  }
}

function verified(follows: Follows, times: { startedAt: number; now: number }): Verified {
  return {
    firstNewMs: follows.firstNewMs ?? undefined,
    lastOldMs: follows.lastOldMs ?? undefined,
    verifiedMs: times.now - (follows.switchedAt ?? times.startedAt),
  };
}

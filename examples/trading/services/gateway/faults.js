import { setTimeout as delay } from 'node:timers/promises';

const afterMs = 3_000;
const oneInTwenty = 20;
const slowerByMs = 80;
const leakedBytesPerOrder = 64 * 1024;

const held = [];

/**
 * What each fault does to an order, `count` being the number of orders seen since the fault set in. Returning an
 * answer refuses the order before it is written, so that a refused order is never found in the log.
 */
const effects = {
  'errors-after-3s': async ({ count }) =>
    count % oneInTwenty === 0 ? { status: 500, body: { error: 'this release fails on purpose' } } : undefined,
  'slow-after-3s': async ({ wait }) => {
    await wait(slowerByMs);
  },
};

/**
 * The fault of this release as it acts on orders. The three seconds count from the first order: a release that is bad
 * in this way passes every check before it takes traffic.
 */
export function orderFault(fault, { now = () => performance.now(), wait = delay } = {}) {
  let firstAt;
  let count = 0;
  return async () => {
    firstAt ??= now();
    if (fault === 'leak') held.push(Buffer.alloc(leakedBytesPerOrder, 1));
    if (now() - firstAt < afterMs) return undefined;
    count += 1;
    return effects[fault]?.({ count, wait });
  };
}

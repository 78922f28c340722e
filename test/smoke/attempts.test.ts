import { describe, expect, test } from '@jest/globals';
import { type Plan, tryFor } from '../../src/smoke/attempts.ts';
import type { Attempt } from '../../src/smoke/check.ts';
import { TimeUp } from '../../src/smoke/reach.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { failing, passing } from './fixtures/fake-checks.ts';

const plan: Plan = { timeoutMs: 1_000, retryForMs: 500, everyMs: 100, withinMs: undefined };

/** Tries against a clock that is moved on until it is settled. */
async function tried(
  over: Partial<Plan>,
  attempt: (clock: FakeClock, signal: AbortSignal, nth: number) => Promise<Attempt>,
  controller = new AbortController(),
) {
  const clock = fakeClock();
  let nth = 0;
  const result = tryFor(
    { ...plan, ...over },
    {
      clock,
      signal: controller.signal,
      attempt: (signal) => {
        nth += 1;
        return attempt(clock, signal, nth);
      },
    },
  );
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  result.then(settle, settle);
  for (let step = 0; step < 1_000 && !isSettled; step += 1) await clock.advance(10);
  return result;
}

const lasting = (ms: number, attempt: Attempt) => async (clock: FakeClock) => {
  await clock.sleep(ms);
  return attempt;
};

describe('attempts', () => {
  test('one that passes is enough', async () => {
    expect(await tried({}, async () => passing)).toMatchObject({
      attempts: 1,
      first: undefined,
      last: { ok: true },
    });
  });

  test('it is tried again until the deadline, and the last one counts', async () => {
    const result = await tried({}, async (_, __, nth) => ({
      ok: false,
      finding: 'unhealthy',
      detail: `try ${nth}`,
    }));
    expect(result).toMatchObject({
      attempts: 6,
      durationMs: 500,
      last: { detail: 'try 6' },
      first: { detail: 'try 1' },
    });
  });

  test('without retries it is tried once', async () => {
    expect(await tried({ retryForMs: 0 }, async () => failing('unhealthy'))).toMatchObject({ attempts: 1 });
  });

  test('one that passes later says what was wrong at first', async () => {
    const result = await tried({}, async (_, __, nth) => (nth < 3 ? failing('wrong-version') : passing));
    expect(result).toMatchObject({ attempts: 3, last: { ok: true }, first: { finding: 'wrong-version' } });
  });

  test('right within the time', async () => {
    expect(await tried({ withinMs: 50 }, lasting(50, passing))).toMatchObject({ last: { ok: true } });
  });

  test('right but late is slow, and may be in time at the next try', async () => {
    expect(await tried({ withinMs: 50, retryForMs: 0 }, lasting(60, passing))).toMatchObject({
      last: { ok: false, finding: 'slow', detail: 'right, but after 60 ms, allowed are 50 ms (fine)' },
    });
    const result = await tried({ withinMs: 50 }, (clock, _, nth) =>
      lasting(nth === 1 ? 60 : 1, passing)(clock),
    );
    expect(result).toMatchObject({ attempts: 2, last: { ok: true }, first: { finding: 'slow' } });
  });

  test('the time that the kind has measured counts', async () => {
    expect(
      await tried({ withinMs: 50 }, lasting(400, { ...passing, ok: true, detail: '', answer: {}, ms: 10 })),
    ).toMatchObject({
      last: { ok: true },
    });
  });

  test('an attempt that is told that its time is over may say what was missing', async () => {
    const result = await tried(
      { retryForMs: 0 },
      (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            expect(signal.reason).toBeInstanceOf(TimeUp);
            resolve({ ok: false, finding: 'unreachable-from-here', detail: 'no connection' });
          });
        }),
    );
    expect(result.last).toMatchObject({ finding: 'unreachable-from-here', detail: 'no connection' });
  });

  test('one that takes no notice is given up on', async () => {
    const result = await tried({ retryForMs: 0 }, () => new Promise(() => {}));
    expect(result.last).toMatchObject({ finding: 'unhealthy', detail: 'no answer within 1000 ms' });
  });

  test('one that rejects with the reason of its signal has had its time', async () => {
    const result = await tried(
      { retryForMs: 0 },
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    expect(result.last).toMatchObject({ detail: 'no answer within 1000 ms' });
  });

  test('a bug is not taken for a finding', async () => {
    await expect(tried({}, () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });

  test.each([
    ['while it takes no notice', () => new Promise<Attempt>(() => {})],
    ['between two tries', async () => failing('unhealthy')],
  ])('cancelling ends it at once, %s', async (_, attempt) => {
    const controller = new AbortController();
    const result = tried({ retryForMs: 5_000, everyMs: 5_000 }, attempt, controller);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('told to stop'));
    await expect(result).rejects.toThrow('told to stop');
  });
});

import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/platform/clock.ts';
import { fakeClock } from '../support/fake-clock.ts';

test.each([
  ['systemClock', systemClock],
  ['fakeClock', fakeClock()],
])('%s: a sleep that is aborted rejects with the reason', async (_, clock) => {
  const reason = new Error('stop');
  await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const sleeping = clock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
});

test('the fake clock wakes sleepers in the order of their time', async () => {
  const clock = fakeClock(1_000);
  const woken: string[] = [];
  const sleep = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name} at ${clock.now()}`);
    if (name === 'first') await sleep('third', 5);
  };
  void sleep('second', 10);
  void sleep('first', 2);
  await clock.advance(9);
  expect(woken).toEqual(['first at 1002', 'third at 1007']);
  await clock.advance(1);
  expect(woken).toEqual(['first at 1002', 'third at 1007', 'second at 1010']);
  expect(clock.sleeping).toBe(0);
});

import { afterEach, expect, test } from '@jest/globals';
import { systemClock } from '../../../../../src/platform/clock.ts';
import { Alarms } from '../../../../../src/targets/local/proxy/faults/alarms.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';
import { eventually, pause } from '../support.ts';

let alarms: Alarms;
afterEach(() => alarms.close());

test('alarms ring in the order of their times, equals as they were set, and never before', async () => {
  alarms = new Alarms(systemClock);
  const random = seededRandom(1);
  const started = systemClock.monotonic();
  const rung: { due: number; turn: number; at: number }[] = [];
  for (let turn = 0; turn < 500; turn += 1) {
    const due = started + random.below(80);
    alarms.at(due, () => rung.push({ due, turn, at: systemClock.monotonic() }));
  }
  await eventually(() => rung.length === 500);
  expect(rung).toEqual(rung.toSorted((a, b) => a.due - b.due || a.turn - b.turn));
  expect(rung.every(({ due, at }) => at >= due)).toBe(true);
});

test('an alarm that is cancelled does not ring, and does not keep the others', async () => {
  alarms = new Alarms(systemClock);
  const rung: string[] = [];
  const now = systemClock.monotonic();
  const first = alarms.at(now + 5, () => rung.push('first'));
  alarms.at(now + 10, () => rung.push('second'));
  first.cancel();
  await eventually(() => rung.length > 0);
  expect(rung).toEqual(['second']);
});

test('an alarm that is over already rings at once, but not within the call', async () => {
  alarms = new Alarms(systemClock);
  let rung = false;
  alarms.at(0, () => {
    rung = true;
  });
  expect(rung).toBe(false);
  await eventually(() => rung);
});

test('an alarm may set the next one', async () => {
  alarms = new Alarms(systemClock);
  let count = 0;
  const again = () => {
    count += 1;
    if (count < 20) alarms.at(systemClock.monotonic() + 1, again);
  };
  again();
  await eventually(() => count === 20);
});

test('nothing rings after the end', async () => {
  alarms = new Alarms(systemClock);
  let rung = false;
  alarms.at(systemClock.monotonic() + 5, () => {
    rung = true;
  });
  alarms.close();
  await pause(30);
  expect(rung).toBe(false);
});

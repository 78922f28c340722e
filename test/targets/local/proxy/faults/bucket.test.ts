import { afterEach, expect, test } from '@jest/globals';
import { Bucket } from '../../../../../src/targets/local/proxy/faults/bucket.ts';
import { eventually } from '../support.ts';

let bucket: Bucket;
afterEach(() => bucket.close());

/** A clock that is moved by hand. */
function handClock() {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonic: () => nowMs, sleep: async () => {} };
  return { clock, pass: (ms: number) => (nowMs += ms) };
}

/** Somebody who wants so many bytes. */
function taker(wants: number) {
  const self = {
    got: 0,
    pump: () => {
      const size = Math.min(wants - self.got, bucket.available(self));
      bucket.spend(self, size);
      self.got += size;
      if (self.got < wants) bucket.wait(self);
    },
  };
  return self;
}

test('a bucket gives what has come in, and saves up no more than a burst', () => {
  const { clock, pass } = handClock();
  bucket = new Bucket(clock, 100_000);
  const one = taker(1_000_000);
  // 10 ms of the rate.
  expect(bucket.available(one)).toBe(1_000);
  bucket.spend(one, 1_000);
  expect(bucket.available(one)).toBe(0);
  pass(5);
  expect(bucket.available(one)).toBe(500);
  pass(60_000);
  expect(bucket.available(one)).toBe(1_000);
});

test('those who wait share alike, and nobody takes it before them', async () => {
  const { clock, pass } = handClock();
  bucket = new Bucket(clock, 100_000);
  const takers = [taker(100_000), taker(100_000), taker(100_000)];
  takers[0]?.pump();
  for (const one of takers) bucket.wait(one);
  const newcomer = taker(10);
  pass(30);
  expect(bucket.available(newcomer)).toBe(0);
  await eventually(() => takers.every(({ got }) => got > 0));
  expect(takers.map(({ got }) => got)).toEqual([2_000, 1_000, 1_000]);
  bucket.leave(takers[0] ?? newcomer);
});

test('a rate below a byte a tick still gives bytes, in turn', async () => {
  const { clock, pass } = handClock();
  bucket = new Bucket(clock, 10);
  const takers = [taker(1), taker(1)];
  for (const one of takers) bucket.wait(one);
  await eventually(() => {
    pass(10);
    return takers.every(({ got }) => got === 1);
  });
});

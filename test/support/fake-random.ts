import type { Random } from '../../src/platform/random.ts';

/** Counts up instead of rolling dice: the same calls give the same values in every run. */
export function fakeRandom(start = 1): Random {
  let count = start - 1;
  const next = () => {
    count += 1;
    return count;
  };
  return {
    hex: (bytes) =>
      next()
        .toString(16)
        .padStart(bytes * 2, '0')
        .slice(-bytes * 2),
    below: (below) => next() % below,
  };
}

import type { Random } from '../../src/platform/random.ts';

/** The same dice in every run (mulberry32), well enough spread for shares and distributions. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const byte = () => (next() & 0xff).toString(16).padStart(2, '0');
  return {
    hex: (bytes) => Array.from({ length: bytes }, byte).join(''),
    below: (below) => Math.floor((next() / 2 ** 32) * below),
  };
}

/**
 * Numbers that look random and are the same for the same seed, on every machine: mulberry32 (T. Ettinger, public
 * domain) started with the FNV-1a hash of the seed. Good enough to choose instances, for nothing else.
 * @returns a whole number from 0 to `below` - 1 at each call
 */
export function numbersFrom(seed: string): (below: number) => number {
  let state = hashOf(seed);
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const share = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    return Math.floor(share * below);
  };
}

/** FNV-1a, 32 bit, over the UTF-8 bytes. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}

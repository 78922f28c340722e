import { randomBytes, randomInt } from 'node:crypto';

/** Randomness, as the stages see it. */
export interface Random {
  /** `bytes` random bytes in lower-case hexadecimal. */
  hex(bytes: number): string;
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
}

export const systemRandom: Random = {
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  below: (below) => randomInt(below),
};

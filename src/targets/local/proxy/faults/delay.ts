import type { Random } from '../../../../platform/random.ts';
import type { NetworkEffect } from '../../../fault.ts';

/** A number above 0 and not above 1. */
export function fraction(random: Random): number {
  return (random.below(2 ** 32) + 1) / 2 ** 32;
}

/** Whether one out of a share (0..1) is hit: never for 0, always for 1. */
export function isHit(share: number, random: Random): boolean {
  return fraction(random) <= share;
}

/** Of a Pareto distribution with a mean and a variance; netem's table is made with about the same. */
const paretoShape = 3;

const spread: Readonly<Record<'uniform' | 'normal' | 'pareto', (random: Random) => number>> = {
  uniform: (random) => 2 * fraction(random) - 1,
  // Box and Muller, 1958.
  normal: (random) => Math.sqrt(-2 * Math.log(fraction(random))) * Math.cos(2 * Math.PI * fraction(random)),
  // One-sided (Lomax): never below, rarely far above; half of the scale on average.
  pareto: (random) => fraction(random) ** (-1 / paretoShape) - 1,
};

/** Milliseconds for one request or piece, not below 0. Without jitter it rolls no dice. */
export function drawDelayMs(effect: Extract<NetworkEffect, { effect: 'latency' }>, random: Random): number {
  if (effect.jitterMs === 0) return effect.delayMs;
  return Math.max(0, effect.delayMs + effect.jitterMs * spread[effect.distribution](random));
}

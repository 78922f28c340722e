import type { DisturbanceKind } from '../fault.ts';

/** What this target can do to what it runs; how, is in supervisor/faults, one file a kind. */
export const localDisturbances = [
  'signal',
  'pause',
  'restart',
  'down',
  'network',
  'cpu',
  'memory',
  'disk-fill',
  'disk-slow',
] as const satisfies readonly DisturbanceKind[];

export type LocalDisturbance = (typeof localDisturbances)[number];

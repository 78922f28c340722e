import type { Instance } from '../targets/target.ts';
import type { AnyFaultKind } from './fault.ts';
import type { Fault } from './schema.ts';
import { numbersFrom } from './seed.ts';

export interface Selection {
  chosen: readonly Instance[];
  /** Why it is not what was asked for; then nothing is to be hit. */
  short: string | undefined;
}

/**
 * Chooses instances purely: the same seed, fault and instances give the same choice, in whatever order they are listed.
 * Only ready ones can be chosen: what is down already cannot be broken.
 */
export function select(
  fault: Pick<Fault, 'count' | 'percent'>,
  { hits, seed, instances }: { hits: AnyFaultKind['hits']; seed: string; instances: readonly Instance[] },
): Selection {
  const ready = instances.filter(({ status }) => status === 'ready');
  if (ready.length === 0) return { chosen: [], short: 'no instance is ready' };
  if (hits === 'component') return { chosen: ready, short: undefined };
  const wanted = wantedOf(fault, instances.length);
  if (wanted > ready.length)
    return { chosen: [], short: `only ${ready.length} of the ${wanted} asked for are ready` };
  const chosen = shuffled(ready, seed).slice(0, wanted);
  return { chosen: chosen.toSorted(byId), short: undefined };
}

/** A share is rounded down, so that it is never exceeded, but one is always hit. */
function wantedOf({ count, percent }: Pick<Fault, 'count' | 'percent'>, all: number): number {
  if (percent !== undefined) return Math.max(1, Math.floor(percent * all));
  return count ?? 1;
}

/** By code units: no locale may change the choice. */
const byId = (a: Instance, b: Instance): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Fisher and Yates, from a known order. */
function shuffled(instances: readonly Instance[], seed: string): Instance[] {
  const below = numbersFrom(seed);
  const rest = instances.toSorted(byId);
  const out: Instance[] = [];
  while (rest.length > 0) out.push(...rest.splice(below(rest.length), 1));
  return out;
}

import type { Inventory } from '../targets/target.ts';
import type { Move, Operation } from './operation.ts';

/** What to do with an operation that a dead run left behind. */
export interface Resumption {
  /**
   * undo: every route back to where it was, the new colour removed. finish: all routes have moved: verify, bake and
   * retire. retire: it was proven, only the old colour is left to retire.
   */
  do: 'undo' | 'finish' | 'retire';
  reason: string;
}

/** True when the route of the move's component is on its new colour. */
export function isSwitched(move: Move, inventory: Inventory): boolean {
  return inventory.components[move.component]?.route.live === move.to;
}

/** Decides purely: what was switched everywhere is finished, what was not is undone. */
export function decideResumption(operation: Operation, inventory: Inventory): Resumption {
  const switched = operation.moves.filter((move) => isSwitched(move, inventory));
  const all = operation.moves.length;
  if (operation.direction === 'back') {
    return { do: 'undo', reason: `it was going back: ${operation.reason}` };
  }
  if (switched.length < all) {
    return {
      do: 'undo',
      reason:
        switched.length === 0 ? 'no route had moved' : `only ${switched.length} of ${all} routes had moved`,
    };
  }
  const down = operation.moves.find((move) => !serves(move, inventory));
  if (down) return { do: 'undo', reason: `${down.to} of ${down.component} no longer runs` };
  if (operation.phase === 'retiring') return { do: 'retire', reason: 'the new colour was proven' };
  return { do: 'finish', reason: 'every route had moved, the bake was not finished' };
}

function serves(move: Move, inventory: Inventory): boolean {
  const status = inventory.components[move.component]?.colors[move.to].status;
  return status === 'ready' || status === 'degraded';
}

import type { Component } from '../config/model.ts';
import { type ComponentState, type Inventory, otherColor, type ReleaseRef } from '../targets/target.ts';
import type { Move } from './operation.ts';

/** What has to move, and why; `unchanged` where a component already serves the release. */
export interface Plan {
  moves: readonly Move[];
  /** One line a component, for people. */
  reasons: Readonly<Record<string, string>>;
}

/** Decides purely which components move from which colour to which. */
export function planMoves(
  inventory: Inventory,
  release: ReleaseRef,
  components: Readonly<Record<string, Component>>,
): Plan {
  const moves: Move[] = [];
  const reasons: Record<string, string> = {};
  for (const component of Object.values(components)) {
    const { move, reason } = planMove(inventory.components[component.name], release, component);
    reasons[component.name] = reason;
    if (move) moves.push(move);
  }
  return { moves, reasons };
}

function planMove(
  state: ComponentState | undefined,
  release: ReleaseRef,
  component: Component,
): { move?: Move; reason: string } {
  const live = state?.route.live;
  if (state === undefined || live === undefined) {
    const move: Move = { component: component.name, to: 'blue', instances: component.instances };
    return { move, reason: 'nothing is live yet: the first release goes to blue' };
  }
  const current = state.colors[live];
  if (current.release?.id === release.id && current.status === 'ready') {
    return { reason: `${live} already serves ${release.version}` };
  }
  const to = otherColor[live];
  const instances = Math.max(1, current.instances.length || component.instances);
  return {
    move: { component: component.name, from: live, to, instances },
    reason: `${live} serves ${current.release?.version ?? 'an unknown version'}; ${release.version} goes to ${to} at live's size of ${instances}`,
  };
}

/** The releases that are live now, without repetition. */
export function liveReleases(inventory: Inventory): readonly ReleaseRef[] {
  const found = new Map<string, ReleaseRef>();
  for (const { route, colors } of Object.values(inventory.components)) {
    const release = route.live && colors[route.live].release;
    if (release) found.set(release.id, release);
  }
  return [...found.values()];
}

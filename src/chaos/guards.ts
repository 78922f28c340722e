import type { Protect } from '../config/model.ts';
import { isWithin } from '../config/values/time-window.ts';
import { percent, plural } from '../report/format.ts';
import type { Color, Inventory } from '../targets/target.ts';

/** What one fault does to one colour. */
export interface Hit {
  kind: string;
  component: string;
  color: Color;
  /** Ids. */
  instances: readonly string[];
  /** Of the requests to those instances, 0..1. */
  share: number;
  /** Whether they are down or unusable while it lasts. */
  takesDown: boolean;
}

export interface GuardInput {
  protect: Protect;
  inventory: Inventory;
  /** Milliseconds since 1970. */
  now: number;
  /** What is to be done. */
  hits: readonly Hit[];
  /** What is being done at the same time. */
  alreadyHit: readonly Hit[];
}

/**
 * Decides purely whether faults may be injected; returns a reason for each guard that refuses. Looked at when planned and
 * again just before.
 *
 * `components` and `window` are about every fault. The others guard what serves production, so they look at the live
 * colour only, whatever an experiment calls its aim: a standby colour of one instance may lose it, a live one may not.
 */
export function guard(input: GuardInput): readonly string[] {
  const { protect, hits, now } = input;
  if (hits.length === 0) return [];
  const untouchable = [...new Set(hits.map(({ component }) => component))].filter((name) =>
    protect.components?.includes(name),
  );
  return [
    ...untouchable.map((name) => `protect.components: ${name} must not be touched`),
    ...(protect.window && !isWithin(protect.window, now)
      ? [`protect.window: it is not ${protect.window.text} now`]
      : []),
    ...liveColors(input).flatMap((live) => guardLive(live, protect)),
  ];
}

interface LiveColor {
  /** `blue of gateway` */
  name: string;
  all: readonly string[];
  ready: readonly string[];
  hits: readonly Hit[];
  /** Whether anything that is to be done takes instances down. */
  takesDown: boolean;
}

/** The live colours that are to be hit, with everything that hits them at once. */
function liveColors({ inventory, hits, alreadyHit }: GuardInput): readonly LiveColor[] {
  return Object.values(inventory.components).flatMap(({ name, route, colors }): LiveColor[] => {
    const { live } = route;
    const here = (hit: Hit) => hit.component === name && hit.color === live;
    const planned = hits.filter(here);
    if (live === undefined || planned.length === 0) return [];
    const { instances } = colors[live];
    return [
      {
        name: `${live} of ${name}`,
        all: instances.map(({ id }) => id),
        ready: instances.filter(({ status }) => status === 'ready').map(({ id }) => id),
        hits: [...alreadyHit.filter(here), ...planned],
        takesDown: planned.some(({ takesDown }) => takesDown),
      },
    ];
  });
}

function guardLive(live: LiveColor, protect: Protect): string[] {
  const reasons: string[] = [];
  const { minHealthy = 0, maxPercent = 1 } = protect;
  const left = readyLeft(live);
  const blast = blastOf(live);
  if (live.takesDown && left === 0 && protect.lastReplica === 'refuse') {
    reasons.push(`protect.last-replica: no instance of ${live.name}, which is live, would be left`);
  }
  if (live.takesDown && left < minHealthy) {
    reasons.push(
      `protect.min-healthy: ${plural(left, 'ready instance')} of ${live.name} would be left, ${minHealthy} are needed`,
    );
  }
  if (blast > maxPercent) {
    reasons.push(
      `protect.max-percent: ${percent(blast)} of ${live.name} would be hit, ${percent(maxPercent)} may be`,
    );
  }
  return reasons;
}

function readyLeft({ ready, hits }: LiveColor): number {
  const down = new Set(hits.filter(({ takesDown }) => takesDown).flatMap(({ instances }) => instances));
  return ready.filter((id) => !down.has(id)).length;
}

/** Share of the colour's work that is hit, 0..1: each instance counts with the largest share that hits it. */
export function blastOf({ all, hits }: Pick<LiveColor, 'all' | 'hits'>): number {
  if (all.length === 0) return 0;
  const shareOf = (id: string) =>
    Math.max(0, ...hits.filter(({ instances }) => instances.includes(id)).map(({ share }) => share));
  return all.reduce((sum, id) => sum + shareOf(id), 0) / all.length;
}

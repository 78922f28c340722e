import type { ColorState, Instance } from '../../target.ts';
import type { StoredColor } from '../state.ts';

/** A colour as the target's callers see it. */
export function describeColor(
  stored: StoredColor | null,
  seen: { instances: readonly Instance[]; isLive: boolean },
): ColorState {
  if (!stored) return { status: 'absent', release: undefined, instances: [], keepUntil: undefined };
  const { retirement, release } = stored;
  return {
    status: retirement ? 'retiring' : statusOf(seen.instances, seen.isLive),
    release,
    instances: seen.instances,
    keepUntil: retirement?.phase === 'warm' ? retirement.keepUntil : undefined,
  };
}

function statusOf(instances: readonly Instance[], isLive: boolean): ColorState['status'] {
  if (instances.length > 0 && instances.every(({ status }) => status === 'ready')) return 'ready';
  const fails = instances.some(({ status, restarts }) => restarts > 0 || status === 'unhealthy');
  return fails || isLive ? 'degraded' : 'starting';
}

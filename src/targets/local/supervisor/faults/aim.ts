import type { Disturbance } from '../../../fault.ts';
import type { StoredProcess } from '../../state.ts';
import type { SupervisedInstance } from '../instance.ts';
import type { Scene } from './kind.ts';

/** The instances that are named; a network fault may name all of a colour, which is for the proxy to know. */
export function namedIn(what: Disturbance): readonly string[] {
  return 'instances' in what && what.instances !== 'all' ? what.instances : [];
}

/** Whether every instance that is named must have a process: the fault is done to it. */
const needsProcess: Readonly<Record<Disturbance['kind'], boolean>> = {
  signal: true,
  pause: true,
  restart: true,
  down: true,
  network: false,
  cpu: false,
  memory: false,
  'disk-fill': false,
  'disk-slow': false,
};

/** Why the fault has nothing to aim at. */
export function aimObstacle(what: Disturbance, scene: Scene): string | undefined {
  if ('component' in what && !scene.proxy(what.component)) {
    return `nothing was ever released as ${what.component}`;
  }
  const named = namedIn(what);
  if (needsProcess[what.kind] && named.length === 0) return 'no instance is named';
  for (const id of named) {
    const member = scene.member(id);
    if (!member) return `there is no instance ${id}`;
    if (needsProcess[what.kind] && !member.process?.identity) return `${id} has no running process`;
  }
  return undefined;
}

/** The processes that the named instances have now. */
export function processesOf(what: Disturbance, scene: Scene): StoredProcess[] {
  return namedIn(what).flatMap((instance) => {
    const running = scene.member(instance)?.process;
    return running?.identity ? [{ instance, pid: running.pid, identity: running.identity }] : [];
  });
}

/** The instances that are named, as far as they are still there. */
export function membersIn(what: Disturbance, scene: Scene): SupervisedInstance[] {
  return namedIn(what).flatMap((id) => scene.member(id) ?? []);
}

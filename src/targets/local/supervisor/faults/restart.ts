import { orAborted } from '../process.ts';
import { endAgent, startAgent } from './agents.ts';
import { membersIn } from './aim.ts';
import type { LocalFault, Of, Placed, Scene } from './kind.ts';
import { countedLookups, lieObstacle, variablesOf } from './lies.ts';

type Restart = Of<'restart'>;

/** When it is reverted, processes that do not end are given no more than this, whatever grace they had. */
const revertGraceMs = 3_000;

const leavesSomething = ({ env, lie }: Restart): boolean => lie !== undefined || Object.keys(env).length > 0;

/** Something is left of it as long as a process runs with its variables. */
export const restartFault: LocalFault<Restart> = {
  obstacle: async (what, scene) => {
    if (!what.lie) return undefined;
    for (const member of membersIn(what, scene)) {
      const reason = lieObstacle(what.lie, member.plan.component);
      if (reason) return `${member.id}: ${reason}`;
    }
    return undefined;
  },
  inject: async (fault, scene, signal) => {
    const members = membersIn(fault.what, scene);
    if (leavesSomething(fault.what)) {
      await startAgent(fault, { kind: 'watch' }, { scene, signal });
      for (const { strain, plan } of members) {
        strain.add(fault.id, { variables: await variablesOf(fault, { component: plan.component, scene }) });
      }
    }
    await orAborted(Promise.all(members.map((member) => member.renew(fault.what.graceMs))), signal);
    if (leavesSomething(fault.what) && under(fault, scene).length < members.length) {
      throw new Error('a process runs without the variables of the fault');
    }
  },
  revert: async (fault, scene) => {
    await endAgent(fault, scene);
    for (const { strain } of membersIn(fault.what, scene)) strain.remove(fault.id);
    const changed = under(fault, scene);
    await Promise.all(changed.map((member) => member.renew(Math.min(fault.what.graceMs, revertGraceMs))));
    const left = under(fault, scene);
    if (left.length > 0) throw new Error(`${left.map(({ id }) => id).join(', ')}: still has its variables`);
    return changed.length > 0 ? 'reverted' : 'gone';
  },
  leave: endAgent,
  counts: async (fault, scene) =>
    fault.what.lie?.about === 'dns' ? { touched: await countedLookups(fault, scene) } : {},
};

/** Instances whose process was started with the fault's variables. */
const under = (fault: Placed<Restart>, scene: Scene) =>
  membersIn(fault.what, scene).filter(({ under }) => under.includes(fault.id));

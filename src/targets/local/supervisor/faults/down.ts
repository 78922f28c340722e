import { orAborted } from '../process.ts';
import { endAgent, startAgent } from './agents.ts';
import { membersIn } from './aim.ts';
import type { LocalFault, Of } from './kind.ts';

/** SIGTERM to SIGKILL. */
const graceMs = 3_000;

/** Held down by the supervisor, so a new one that knows nothing of it starts them again. */
export const downFault: LocalFault<Of<'down'>> = {
  obstacle: async () => undefined,
  inject: async (fault, scene, signal) => {
    await startAgent(fault, { kind: 'watch' }, { scene, signal });
    const members = membersIn(fault.what, scene);
    for (const member of members) member.strain.add(fault.id, 'hold');
    await orAborted(Promise.all(members.map((member) => member.renew(graceMs))), signal);
  },
  revert: async (fault, scene) => {
    await endAgent(fault, scene);
    const members = membersIn(fault.what, scene);
    const held = members.filter(({ strain }) => strain.remove(fault.id));
    await Promise.all(members.map((member) => member.untilStarted()));
    return held.length > 0 ? 'reverted' : 'gone';
  },
  leave: endAgent,
};

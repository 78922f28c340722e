import type { Instance } from '../../../targets/target.ts';
import { ActivityFailed, type Doing } from '../deed.ts';
import type { Arguments } from './arguments.ts';
import { type AimedColor, type Selection, selectedIn } from './selection.ts';

/** What runs of a selection now. */
export async function lookAt(selection: Selection, { session, aim }: Doing): Promise<readonly AimedColor[]> {
  const { standby = {} } = session.request;
  return selectedIn(await session.target.inspect(), selection, { aim, standby });
}

export const instancesIn = (selected: readonly AimedColor[]): readonly Instance[] =>
  selected.flatMap(({ chosen }) => chosen);

/** What a probe of the extension does when things are not as asked: it fails, or tells false. */
export type WhenNot = 'raise' | 'false';

export const whenNot = (args: Arguments, argument: string): WhenNot =>
  args.truth(argument) === false ? 'false' : 'raise';

/** @throws ActivityFailed with what is not so, unless it is to be told */
export function answer(not: string | undefined, how: WhenNot): boolean {
  if (not === undefined) return true;
  if (how === 'raise') throw new ActivityFailed(not);
  return false;
}

/** The phase that a pod in such a state would be in. */
export const phaseOf: Readonly<Record<Instance['status'], 'Running' | 'Pending' | 'Failed'>> = {
  ready: 'Running',
  unhealthy: 'Running',
  starting: 'Pending',
  exited: 'Failed',
};

export const phases = ['Running', 'Pending', 'Failed'] as const;

/** `gateway/green-1 is exited`, for those that are not as they should be. */
export const told = (instances: readonly Instance[]): string =>
  instances.map(({ id, status }) => `${id} is ${status}`).join(', ');

import type { Deed } from '../deed.ts';
import { carryOutKill, type Kill } from '../kill.ts';
import type { Arguments } from './arguments.ts';
import type { ToolkitFunction } from './function.ts';
import { namedSelection, podSelection } from './selection.ts';

const deedOf = (kill: Kill): Pick<Deed, 'act' | 'kill'> => ({
  kill,
  act: (doing) => carryOutKill(kill, doing),
});

/** Pods that are asked to end get SIGTERM; without any grace they are killed. */
const signalIn = (args: Arguments): Kill['signal'] =>
  args.at('grace_period')?.filled === 0 ? 'SIGKILL' : 'SIGTERM';

function takeIn(args: Arguments): Kill['take'] | undefined {
  if (args.truth('all')) return 'all';
  const quantity = args.amount('qty') ?? 1;
  if (args.choice('mode', ['fixed', 'percentage']) !== 'percentage') {
    return Number.isInteger(quantity)
      ? { count: quantity }
      : args.refuse('qty', 'qty has to be a whole number');
  }
  return quantity <= 100
    ? { share: quantity / 100 }
    : args.refuse('qty', 'qty has to be at most 100, in percent');
}

const terminatePods: ToolkitFunction = {
  names: ['chaosk8s.pod.actions.terminate_pods'],
  does: 'Ends instances of the aimed colour: SIGTERM, or SIGKILL where `grace_period` is 0.',
  targets: ['local'],
  arguments: ['label_selector', 'name_pattern', 'all', 'rand', 'mode', 'qty', 'grace_period', 'ns', 'order'],
  read: (args, reading) => {
    args.choice('order', ['alphabetic']);
    const selection = podSelection(args, reading);
    const take = takeIn(args);
    const order = args.truth('rand') ? 'seed' : 'name';
    return selection && take && deedOf({ selection, take, order, signal: signalIn(args) });
  },
};

const deletePods: ToolkitFunction = {
  names: ['chaosk8s.pod.actions.delete_pods', 'chaosk8s.actions.delete_pods'],
  does: 'Ends one instance of the aimed colour with SIGTERM.',
  targets: ['local'],
  arguments: ['name', 'label_selector', 'ns'],
  read: (args, reading) => {
    const selection = args.at('name') ? namedSelection(args, reading) : podSelection(args, reading);
    return selection && deedOf({ selection, take: { count: 1 }, order: 'name', signal: 'SIGTERM' });
  },
};

const killMicroservice: ToolkitFunction = {
  names: ['chaosk8s.actions.kill_microservice'],
  does: 'Ends every instance of the aimed colour with SIGKILL; the target starts new ones.',
  targets: ['local'],
  arguments: ['name', 'ns', 'label_selector'],
  read: (args, reading) => {
    const selection = namedSelection(args, reading);
    return selection && deedOf({ selection, take: 'all', order: 'name', signal: 'SIGKILL' });
  },
};

export const kills = [terminatePods, deletePods, killMicroservice];

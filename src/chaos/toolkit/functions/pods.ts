import type { Reading } from '../reading.ts';
import type { Arguments } from './arguments.ts';
import type { ToolkitFunction } from './function.ts';
import { answer, instancesIn, lookAt, phaseOf, phases, told, whenNot } from './look.ts';
import { namedSelection, podSelection } from './selection.ts';

const everything = ({ components }: Reading) => ({
  components,
  color: undefined,
  name: undefined,
  text: 'everything',
});

const allPodsHealthy: ToolkitFunction = {
  names: ['chaosk8s.pod.probes.all_pods_healthy', 'chaosk8s.probes.all_microservices_healthy'],
  does: 'True when every instance of the aimed colour of every component is ready, and there is one.',
  targets: ['local'],
  arguments: ['ns', 'raise_on_any_unhealthy'],
  read: (args, reading) => {
    const how = whenNot(args, 'raise_on_any_unhealthy');
    return {
      act: async (doing) => {
        const instances = instancesIn(await lookAt(everything(reading), doing));
        const bad = instances.filter(({ status }) => status !== 'ready');
        if (instances.length === 0) return answer(`nothing of ${doing.aim} runs`, how);
        return answer(bad.length === 0 ? undefined : `the system is unhealthy: ${told(bad)}`, how);
      },
    };
  },
};

const podsInPhase: ToolkitFunction = {
  names: ['chaosk8s.pod.probes.pods_in_phase'],
  does: 'True when all selected instances are in a phase: Running (ready or unhealthy), Pending (starting) or Failed (exited).',
  targets: ['local'],
  arguments: ['label_selector', 'phase', 'ns', 'raise_on_invalid_phase'],
  read: (args, reading) => {
    const selection = podSelection(args, reading);
    const phase = args.choice('phase', phases) ?? 'Running';
    const how = whenNot(args, 'raise_on_invalid_phase');
    return (
      selection && {
        act: async (doing) => {
          const instances = instancesIn(await lookAt(selection, doing));
          const others = instances.filter(({ status }) => phaseOf[status] !== phase);
          if (instances.length === 0) return answer(`nothing of ${selection.text} runs`, how);
          return answer(others.length === 0 ? undefined : `not ${phase}: ${told(others)}`, how);
        },
      }
    );
  },
};

const podsNotInPhase: ToolkitFunction = {
  names: ['chaosk8s.pod.probes.pods_not_in_phase'],
  does: 'True when none of the selected instances is in a phase.',
  targets: ['local'],
  arguments: ['label_selector', 'phase', 'ns', 'raise_on_in_phase'],
  read: (args, reading) => {
    const selection = podSelection(args, reading);
    const phase = args.choice('phase', phases) ?? 'Running';
    const how = whenNot(args, 'raise_on_in_phase');
    return (
      selection && {
        act: async (doing) => {
          const instances = instancesIn(await lookAt(selection, doing));
          const inIt = instances.filter(({ status }) => phaseOf[status] === phase);
          if (instances.length === 0) return answer(`nothing of ${selection.text} runs`, how);
          return answer(inIt.length === 0 ? undefined : `${phase}: ${told(inIt)}`, how);
        },
      }
    );
  },
};

/** How many selected instances are in a phase, or are there at all. */
function counting(args: Arguments, reading: Reading, phase: (typeof phases)[number] | undefined) {
  const selection = podSelection(args, reading);
  if (!selection) return undefined;
  return async (doing: Parameters<typeof lookAt>[1]): Promise<number> =>
    instancesIn(await lookAt(selection, doing)).filter(
      ({ status }) => phase === undefined || phaseOf[status] === phase,
    ).length;
}

const countPods: ToolkitFunction = {
  names: ['chaosk8s.pod.probes.count_pods'],
  does: 'The number of selected instances, in a phase where one is given.',
  targets: ['local'],
  arguments: ['label_selector', 'phase', 'ns'],
  read: (args, reading) => {
    const count = counting(args, reading, args.choice('phase', phases));
    return count && { act: count };
  },
};

const countMinPods: ToolkitFunction = {
  names: ['chaosk8s.pod.probes.count_min_pods'],
  does: 'True when at least `min_count` (2) selected instances are in a phase (Running).',
  targets: ['local'],
  arguments: ['label_selector', 'phase', 'min_count', 'ns'],
  read: (args, reading) => {
    const count = counting(args, reading, args.choice('phase', phases) ?? 'Running');
    const least = args.amount('min_count') ?? 2;
    return count && { act: async (doing) => (await count(doing)) >= least };
  },
};

const podIsNotAvailable: ToolkitFunction = {
  names: ['chaosk8s.pod.probes.pod_is_not_available', 'chaosk8s.probes.microservice_is_not_available'],
  does: 'True when no process of the component runs in the aimed colour.',
  targets: ['local'],
  arguments: ['name', 'ns', 'label_selector', 'raise_on_is_available'],
  read: (args, reading) => {
    const selection = namedSelection(args, reading);
    const how = whenNot(args, 'raise_on_is_available');
    return (
      selection && {
        act: async (doing) => {
          const running = instancesIn(await lookAt(selection, doing)).filter(
            ({ status }) => phaseOf[status] === 'Running',
          );
          return answer(running.length === 0 ? undefined : `actually running: ${told(running)}`, how);
        },
      }
    );
  },
};

export const pods = [allPodsHealthy, podsInPhase, podsNotInPhase, countPods, countMinPods, podIsNotAvailable];

import { ActivityFailed, type Doing } from '../deed.ts';
import type { ToolkitFunction } from './function.ts';
import { answer, instancesIn, lookAt, whenNot } from './look.ts';
import { namedSelection, type Selection } from './selection.ts';

const everyMs = 200;
const defaultTimeoutS = 30;

interface Readiness {
  ready: number;
  all: number;
}

async function readinessOf(selection: Selection, doing: Doing): Promise<Readiness> {
  const instances = instancesIn(await lookAt(selection, doing));
  return { ready: instances.filter(({ status }) => status === 'ready').length, all: instances.length };
}

/** Looks until it is so, or the time is over. @throws ActivityFailed when the run is interrupted */
async function becomes(
  isSo: (readiness: Readiness) => boolean,
  { selection, timeoutS, doing }: { selection: Selection; timeoutS: number; doing: Doing },
): Promise<boolean> {
  const { clock } = doing.session.request.platform;
  const until = clock.monotonic() + timeoutS * 1_000;
  while (!isSo(await readinessOf(selection, doing))) {
    if (clock.monotonic() >= until) return false;
    await clock.sleep(everyMs, doing.signal).catch(() => {
      throw new ActivityFailed('interrupted');
    });
  }
  return true;
}

const whole = ({ ready, all }: Readiness): boolean => all > 0 && ready === all;

const available: ToolkitFunction = {
  names: [
    'chaosk8s.deployment.probes.deployment_available_and_healthy',
    'chaosk8s.probes.microservice_available_and_healthy',
  ],
  does: 'True when every instance of the aimed colour of the component is ready.',
  targets: ['local'],
  arguments: ['name', 'ns', 'label_selector', 'raise_on_unavailable'],
  read: (args, reading) => {
    const selection = namedSelection(args, reading);
    const how = whenNot(args, 'raise_on_unavailable');
    return (
      selection && {
        act: async (doing) => {
          const readiness = await readinessOf(selection, doing);
          const not = `${readiness.ready} of ${readiness.all} instances of ${selection.text} are ready`;
          return answer(whole(readiness) ? undefined : not, how);
        },
      }
    );
  },
};

const partiallyAvailable: ToolkitFunction = {
  names: ['chaosk8s.deployment.probes.deployment_partially_available'],
  does: 'True when at least one instance of the aimed colour of the component is ready.',
  targets: ['local'],
  arguments: ['name', 'ns', 'label_selector', 'raise_on_not_partially_available'],
  read: (args, reading) => {
    const selection = namedSelection(args, reading);
    const how = whenNot(args, 'raise_on_not_partially_available');
    return (
      selection && {
        act: async (doing) => {
          const { ready } = await readinessOf(selection, doing);
          return answer(ready > 0 ? undefined : `no instance of ${selection.text} is ready`, how);
        },
      }
    );
  },
};

const fullyAvailable: ToolkitFunction = {
  names: [
    'chaosk8s.deployment.probes.deployment_fully_available',
    'chaosk8s.probes.deployment_is_fully_available',
  ],
  does: 'True as soon as every instance of the component is ready; `timeout` (30) seconds are waited.',
  targets: ['local'],
  arguments: ['name', 'ns', 'label_selector', 'timeout', 'raise_on_not_fully_available'],
  read: (args, reading) => {
    const selection = namedSelection(args, reading);
    const timeoutS = args.amount('timeout') ?? defaultTimeoutS;
    const how = whenNot(args, 'raise_on_not_fully_available');
    return (
      selection && {
        act: async (doing) => {
          const isSo = await becomes(whole, { selection, timeoutS, doing });
          return answer(isSo ? undefined : `${selection.text} was not ready again within ${timeoutS} s`, how);
        },
      }
    );
  },
};

const notFullyAvailable: ToolkitFunction = {
  names: [
    'chaosk8s.deployment.probes.deployment_not_fully_available',
    'chaosk8s.probes.deployment_is_not_fully_available',
  ],
  does: 'True as soon as an instance of the component is not ready; `timeout` (30) seconds are waited.',
  targets: ['local'],
  arguments: ['name', 'ns', 'label_selector', 'timeout', 'raise_on_fully_available'],
  read: (args, reading) => {
    const selection = namedSelection(args, reading);
    const timeoutS = args.amount('timeout') ?? defaultTimeoutS;
    const how = whenNot(args, 'raise_on_fully_available');
    return (
      selection && {
        act: async (doing) => {
          const isSo = await becomes((one) => !whole(one), { selection, timeoutS, doing });
          return answer(isSo ? undefined : `${selection.text} was ready all of ${timeoutS} s`, how);
        },
      }
    );
  },
};

export const deployments = [available, partiallyAvailable, fullyAvailable, notFullyAvailable];

import type { ToolkitFunction } from './function.ts';
import { answer, whenNot } from './look.ts';
import { namedSelection } from './selection.ts';

const isInitialized: ToolkitFunction = {
  names: [
    'chaosk8s.service.probes.service_is_initialized',
    'chaosk8s.probes.service_endpoint_is_initialized',
  ],
  does: 'True when a colour of the component is live.',
  targets: ['local'],
  arguments: ['name', 'ns', 'label_selector', 'raise_if_service_not_initialized'],
  read: (args, reading) => {
    const selection = namedSelection(args, reading);
    const how = whenNot(args, 'raise_if_service_not_initialized');
    return (
      selection && {
        act: async ({ session }) => {
          const { components } = await session.target.inspect();
          const live = components[selection.text]?.route.live;
          return answer(live === undefined ? `no colour of ${selection.text} is live` : undefined, how);
        },
      }
    );
  },
};

export const services = [isInitialized];

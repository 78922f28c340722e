import { pairs, textOrList, textual, truthful } from './common.ts';
import { bytes, duration, formed, oneOf, onlyTruth, whole } from './scalars.ts';
import { keys, list, of, type Shape } from './shape.ts';

/** Mappings within a service. */

/** The first item says how the rest is run; text alone is run by a shell. */
export const healthcheck: Shape = keys('healthcheck', {
  disable: truthful,
  interval: of(duration),
  retries: of(whole({ from: 0 })),
  test: textOrList,
  timeout: of(duration),
  start_period: of(duration),
  start_interval: of(duration),
});

const weight = of(whole({ from: 10, to: 1000 }));
const limits = list(keys('a limit', { path: textual, rate: of(bytes) }, { isExtensible: false }));

export const blkio: Shape = keys(
  'blkio_config',
  {
    device_read_bps: limits,
    device_read_iops: limits,
    device_write_bps: limits,
    device_write_iops: limits,
    weight,
    weight_device: list(keys('a weight', { path: textual, weight }, { isExtensible: false })),
  },
  { isExtensible: false },
);

export const credentialSpec: Shape = keys(
  'credential_spec',
  { config: textual, file: textual, registry: textual },
  { exclusive: [['config', 'file', 'registry']] },
);

const hookKeys = {
  command: textOrList,
  user: textual,
  privileged: truthful,
  working_dir: textual,
  environment: pairs('environment'),
};
const hook = keys('a hook', hookKeys, { required: ['command'] });

export const postHooks: Shape = list(hook);
/** Known to Compose, not yet to the specification: compose-go's schema. */
export const preStartHooks: Shape = list(
  keys('a hook', { ...hookKeys, image: textual, per_replica: truthful }),
);

const actions = ['rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'];

/** `develop`: develop.md of the specification. */
export const develop: Shape = keys('develop', {
  watch: list(
    keys(
      'an entry of watch',
      {
        ignore: textOrList,
        include: textOrList,
        path: of(formed('a path', /./, 'a path that is not empty')),
        action: of(oneOf('an action', actions)),
        target: textual,
        exec: hook,
        initial_sync: of(onlyTruth),
      },
      { required: ['path', 'action'] },
    ),
  ),
});

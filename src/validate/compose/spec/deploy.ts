import { pairs, textual, wordSet, words } from './common.ts';
import { gpuCount } from './formats.ts';
import { bytesText, decimal, duration, oneOf, whole } from './scalars.ts';
import { keys, list, of, type Shape } from './shape.ts';

/** Devices of `deploy.resources.reservations` and of `gpus`. */
const deviceKeys = {
  capabilities: wordSet,
  count: of(gpuCount),
  device_ids: wordSet,
  driver: textual,
  options: pairs('options'),
};
const exclusive = [['count', 'device_ids']];

export const gpuDevices = list(keys('a device', deviceKeys, { exclusive }));
const reservedDevices = list(keys('a device', deviceKeys, { exclusive, required: ['capabilities'] }));

const count = of(whole({ from: 0 }));

const steps = (what: string, failureActions: readonly string[]): Shape =>
  keys(what, {
    parallelism: count,
    delay: of(duration),
    failure_action: of(oneOf('an action', failureActions)),
    monitor: of(duration),
    max_failure_ratio: of(decimal({ from: 0, to: 1 })),
    order: of(oneOf('an order', ['start-first', 'stop-first'])),
  });

const cpus = of(decimal({ from: 0 }));
const resources = keys('resources', {
  limits: keys('limits', { cpus, memory: of(bytesText), pids: of(whole({ from: -1 })) }),
  reservations: keys('reservations', {
    cpus,
    memory: of(bytesText),
    generic_resources: list(
      keys('a generic resource', {
        discrete_resource_spec: keys('discrete_resource_spec', { kind: textual, value: of(decimal()) }),
      }),
    ),
    devices: reservedDevices,
  }),
});

/** `deploy`: deploy.md of the specification. */
export const deploy: Shape = keys('deploy', {
  mode: of(oneOf('a mode', ['replicated', 'global', 'replicated-job', 'global-job'])),
  endpoint_mode: of(oneOf('a mode', ['vip', 'dnsrr'])),
  replicas: count,
  labels: pairs('labels'),
  rollback_config: steps('rollback_config', ['continue', 'pause']),
  update_config: steps('update_config', ['continue', 'rollback', 'pause']),
  resources,
  restart_policy: keys('restart_policy', {
    condition: of(oneOf('a condition', ['none', 'on-failure', 'any'], ['no', 'always', 'unless-stopped'])),
    delay: of(duration),
    max_attempts: count,
    window: of(duration),
  }),
  placement: keys('placement', {
    constraints: words,
    preferences: list(keys('a preference', { spread: textual })),
    max_replicas_per_node: count,
  }),
});

import { byName, driverOptions, pairs, textOrList, textual, truthful, words } from './common.ts';
import { projectName, subnet } from './formats.ts';
import { onlyWhole } from './scalars.ts';
import { service } from './service.ts';
import { either, keys, list, named, of, type Shape } from './shape.ts';

/** `external: true`, or the old form with the name in it. */
const external = either(truthful, keys('external', { name: textual }));

const network = keys('a network', {
  name: textual,
  driver: textual,
  driver_opts: driverOptions,
  ipam: keys('ipam', {
    driver: textual,
    config: list(
      keys('a pool', {
        subnet: of(subnet),
        ip_range: of(subnet),
        gateway: textual,
        aux_addresses: named('aux_addresses', textual),
      }),
    ),
    options: named('options', textual),
  }),
  external,
  internal: truthful,
  enable_ipv4: truthful,
  enable_ipv6: truthful,
  attachable: truthful,
  labels: pairs('labels'),
});

const volume = keys('a volume', {
  name: textual,
  driver: textual,
  driver_opts: driverOptions,
  external,
  labels: pairs('labels'),
});

const content = { name: textual, environment: textual, file: textual, external, labels: pairs('labels') };

const secret = keys(
  'a secret',
  { ...content, driver: textual, driver_opts: driverOptions, template_driver: textual },
  { exclusive: [['file', 'environment']] },
);

const config = keys(
  'a config',
  { ...content, content: textual, template_driver: textual },
  { exclusive: [['file', 'environment', 'content']] },
);

const model = keys(
  'a model',
  { name: textual, model: textual, context_size: of(onlyWhole), runtime_flags: words },
  { required: ['model'] },
);

const include = either(
  textual,
  keys(
    'an entry of include',
    { path: textOrList, env_file: textOrList, project_directory: textual },
    { isExtensible: false },
  ),
);

/**
 * A whole Compose file. Facts: https://github.com/compose-spec/compose-spec (schema/compose-spec.json and the chapters) as of
 * 2026-06, and what https://github.com/compose-spec/compose-go checks beyond it (validation/, loader/validate.go).
 */
export const composeFile: Shape = keys('a Compose file', {
  version: textual,
  name: of(projectName),
  include: list(include),
  services: byName('services', service),
  models: byName('models', model),
  networks: byName('networks', network),
  volumes: byName('volumes', volume),
  secrets: byName('secrets', secret),
  configs: byName('configs', config),
});

import { build } from './build.ts';
import {
  byName,
  driverOptions,
  extraHosts,
  macAddress,
  pairs,
  textOrList,
  textual,
  truthful,
  ulimits,
  wordSet,
  words,
} from './common.ts';
import { deploy, gpuDevices } from './deploy.ts';
import * as formats from './formats.ts';
import { mounts, volumes } from './mounts.ts';
import { blkio, credentialSpec, develop, healthcheck, postHooks, preStartHooks } from './parts.ts';
import * as scalars from './scalars.ts';
import { anything, either, keys, list, named, of, type Shape, set } from './shape.ts';

const { text, textOrNumber, whole } = scalars;

const conditions = ['service_started', 'service_healthy', 'service_completed_successfully'];
const dependsOn = either(
  wordSet,
  byName(
    'depends_on',
    keys(
      'an entry of depends_on',
      { condition: of(scalars.oneOf('a condition', conditions)), restart: truthful, required: truthful },
      { required: ['condition'] },
    ),
  ),
);

const networks = either(
  wordSet,
  byName(
    'networks',
    keys('an attachment to a network', {
      aliases: words,
      interface_name: textual,
      ipv4_address: of(formats.ipv4),
      ipv6_address: of(formats.ipv6),
      link_local_ips: words,
      mac_address: of(macAddress),
      driver_opts: driverOptions,
      priority: of(scalars.onlyNumber),
      gw_priority: of(scalars.onlyNumber),
    }),
  ),
);

const ports = list(
  either(
    of(textOrNumber),
    keys(
      'a port',
      {
        name: textual,
        mode: of(scalars.oneOf('a mode', ['ingress', 'host'])),
        host_ip: textual,
        target: of(whole({ from: 1, to: 65_535 })),
        published: of(textOrNumber),
        protocol: of(formats.protocol),
        app_protocol: textual,
      },
      { required: ['target'] },
    ),
  ),
);

const envFile = either(
  textual,
  list(
    either(
      textual,
      keys(
        'an entry of env_file',
        { path: textual, format: of(scalars.oneOf('a format', ['raw'])), required: truthful },
        { required: ['path'], isExtensible: false },
      ),
    ),
  ),
);

const devices = list(
  either(
    textual,
    keys(
      'a device',
      { source: textual, target: textual, permissions: of(formats.devicePermissions) },
      { required: ['source'] },
    ),
  ),
);

const option = of(scalars.plain);
const provider = keys(
  'provider',
  { type: textual, options: named('options', either(option, list(option))) },
  { required: ['type'] },
);
const bytes = of(scalars.bytes);

/** A service: 05-services.md of the specification. */
export const service: Shape = keys(
  'a service',
  {
    annotations: pairs('annotations'),
    attach: truthful,
    build,
    blkio_config: blkio,
    cap_add: words,
    cap_drop: words,
    cgroup: of(scalars.oneOf('a cgroup namespace', ['host', 'private'])),
    cgroup_parent: textual,
    command: textOrList,
    configs: mounts,
    container_name: of(formats.containerName),
    cpu_count: of(whole({ from: 0 })),
    cpu_percent: of(scalars.decimal({ from: 0, to: 100 })),
    cpu_shares: of(whole({ from: 0 })),
    cpu_quota: of(whole({ from: -1 })),
    cpu_period: of(scalars.microseconds),
    cpu_rt_period: of(scalars.microseconds),
    cpu_rt_runtime: of(scalars.microseconds),
    cpus: of(scalars.decimal({ from: 0 })),
    cpuset: of(formats.cpuSet),
    credential_spec: credentialSpec,
    depends_on: dependsOn,
    deploy,
    develop,
    device_cgroup_rules: set(of(formats.cgroupRule)),
    devices,
    dns: textOrList,
    dns_opt: words,
    dns_search: textOrList,
    domainname: textual,
    entrypoint: textOrList,
    env_file: envFile,
    environment: pairs('environment'),
    expose: list(of(formats.exposedPort)),
    extends: either(
      textual,
      keys('extends', { service: textual, file: textual }, { required: ['service'], isExtensible: false }),
    ),
    external_links: wordSet,
    extra_hosts: extraHosts,
    gpus: either(of(scalars.oneOf('a choice of GPUs', ['all'])), gpuDevices),
    group_add: set(of(textOrNumber)),
    healthcheck,
    hostname: textual,
    image: textual,
    init: truthful,
    ipc: textual,
    isolation: textual,
    label_file: textOrList,
    labels: pairs('labels'),
    links: words,
    logging: keys('logging', { driver: textual, options: driverOptions }),
    mac_address: of(macAddress),
    mem_limit: bytes,
    mem_reservation: bytes,
    mem_swappiness: of(whole({ from: -1, to: 100 })),
    memswap_limit: bytes,
    models: either(
      wordSet,
      byName('models', keys('a use of a model', { endpoint_var: textual, model_var: textual })),
    ),
    network_mode: textual,
    networks,
    oom_kill_disable: truthful,
    oom_score_adj: of(whole({ from: -1000, to: 1000 })),
    pid: textual,
    pids_limit: of(whole({ from: -1 })),
    platform: of(formats.platform),
    ports,
    post_start: postHooks,
    pre_start: preStartHooks,
    pre_stop: postHooks,
    privileged: truthful,
    profiles: words,
    provider,
    pull_policy: of(formats.pullPolicy),
    pull_refresh_after: of(scalars.duration),
    read_only: truthful,
    restart: of(formats.restartPolicy),
    runtime: textual,
    scale: of(whole({ from: 0 })),
    secrets: mounts,
    security_opt: wordSet,
    shm_size: bytes,
    stdin_open: truthful,
    stop_grace_period: of(scalars.duration),
    stop_signal: textual,
    storage_opt: named('storage_opt', anything),
    sysctls: pairs('sysctls'),
    tmpfs: textOrList,
    tty: truthful,
    ulimits,
    use_api_socket: of(scalars.onlyTruth),
    user: of(text),
    userns_mode: textual,
    uts: textual,
    volumes,
    volumes_from: wordSet,
    working_dir: textual,
  },
  { exclusive: [['network_mode', 'networks']], inherits: 'extends' },
);

/** Keys of the Compose specification: https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json */

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

export const topKeys = words('version name include services models networks volumes secrets configs');

export const serviceKeys = words(
  `annotations attach build blkio_config cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count
   cpu_percent cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpus cpuset credential_spec depends_on deploy
   develop device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file environment expose extends
   external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation label_file labels links logging
   mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable
   oom_score_adj pid pids_limit platform ports post_start pre_stop privileged profiles provider pull_policy
   pull_refresh_after read_only restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period
   stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volumes volumes_from working_dir`,
);

/** Keys of the mappings within a service, by the service's key. */
export const innerKeys: Readonly<Record<string, readonly string[]>> = {
  build: words(
    `context dockerfile dockerfile_inline entitlements args ssh labels cache_from cache_to no_cache no_cache_filter
     additional_contexts network provenance sbom pull target shm_size extra_hosts isolation privileged secrets tags ulimits
     platforms`,
  ),
  healthcheck: words('disable interval retries test timeout start_period start_interval'),
  deploy: words(
    'mode endpoint_mode replicas labels rollback_config update_config resources restart_policy placement',
  ),
  logging: words('driver options'),
};

type Kind = 'text' | 'list' | 'mapping' | 'switch' | 'number';

/** What the value of a service's key may be. */
export const kinds: Readonly<Record<string, readonly Kind[]>> = {
  build: ['text', 'mapping'],
  cap_add: ['list'],
  cap_drop: ['list'],
  command: ['text', 'list'],
  configs: ['list'],
  container_name: ['text'],
  depends_on: ['list', 'mapping'],
  deploy: ['mapping'],
  devices: ['list'],
  dns: ['text', 'list'],
  entrypoint: ['text', 'list'],
  env_file: ['text', 'list'],
  environment: ['list', 'mapping'],
  expose: ['list'],
  extends: ['text', 'mapping'],
  extra_hosts: ['list', 'mapping'],
  healthcheck: ['mapping'],
  hostname: ['text'],
  image: ['text'],
  init: ['switch', 'text'],
  labels: ['list', 'mapping'],
  links: ['list'],
  logging: ['mapping'],
  mem_limit: ['number', 'text'],
  network_mode: ['text'],
  networks: ['list', 'mapping'],
  ports: ['list'],
  privileged: ['switch', 'text'],
  profiles: ['list'],
  read_only: ['switch', 'text'],
  restart: ['text'],
  scale: ['number', 'text'],
  secrets: ['list'],
  security_opt: ['list'],
  stop_grace_period: ['text'],
  stop_signal: ['text'],
  sysctls: ['list', 'mapping'],
  tmpfs: ['text', 'list'],
  ulimits: ['mapping'],
  volumes: ['list'],
  working_dir: ['text'],
};

/** How the kinds are called in messages. */
export const kindNames: Readonly<Record<Kind, string>> = {
  text: 'text',
  list: 'a list',
  mapping: 'a mapping',
  switch: 'true or false',
  number: 'a number',
};

/** Undefined: nothing is written there. */
export function kindOf(value: unknown): Kind | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'mapping';
  if (typeof value === 'boolean') return 'switch';
  return typeof value === 'number' ? 'number' : 'text';
}

/**
 * Keys and values that the design of cutover.yml has and that this version does not act on. They are refused by name,
 * never ignored. Whoever builds one takes it out of this list.
 */
export const planned = {
  file: ['notify'],
  component: [],
  build: ['dockerfile', 'platforms', 'engine', 'args', 'secrets', 'target'],
  environment: ['router', 'namespace', 'manifests'],
  protect: ['namespaces'],
  targets: ['docker', 'kubernetes'],
} as const;

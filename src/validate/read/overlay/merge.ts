import { mappingOf } from '../../document.ts';
import { Unbuildable } from './resource.ts';

type Mapping = Record<string, unknown>;

/**
 * Lists whose items a strategic merge tells apart, by the key that does it. From patchMergeKey in types.go of k8s.io/api; other
 * lists are replaced as a whole.
 */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  ports: ['containerPort', 'port'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  resourceClaims: ['name'],
};

/** Whether lists are merged by their keys (built-in kinds) or replaced (custom ones). */
export type MergeMode = 'strategic' | 'plain';

/** Lays a patch over a value. Undefined: the patch deletes it. */
export function merged(target: unknown, patch: unknown, mode: MergeMode): unknown {
  const over = mappingOf(patch);
  if (!over) return structuredClone(patch);
  const { $patch: directive, ...rest } = over;
  if (directive === 'delete') return undefined;
  const base = directive === 'replace' ? {} : { ...mappingOf(target) };
  for (const [key, value] of Object.entries(rest)) setKey(base, [key, value], mode);
  return base;
}

function setKey(base: Mapping, [key, value]: readonly [string, unknown], mode: MergeMode): void {
  if (key.startsWith('$')) throw new Unbuildable(`a patch has the directive ${key.split('/')[0]}`);
  const keys = mode === 'strategic' ? mergeKeys[key] : undefined;
  const result =
    value === null
      ? undefined
      : Array.isArray(value) && keys
        ? mergedList(base[key], value, keys)
        : merged(base[key], value, mode);
  if (result === undefined) delete base[key];
  else base[key] = result;
}

/** The patch's items in their order, then the others, as kustomize has them. */
function mergedList(target: unknown, patch: readonly unknown[], keys: readonly string[]): unknown[] {
  const isReplaced = patch.some((item) => mappingOf(item)?.['$patch'] === 'replace');
  const rest: unknown[] = isReplaced || !Array.isArray(target) ? [] : [...target];
  const first = patch.flatMap((item) => {
    const mapping = mappingOf(item);
    if (mapping?.['$patch'] === 'replace' && Object.keys(mapping).length === 1) return [];
    const at = rest.findIndex((other) => isSameItem(other, item, keys));
    const result = merged(at === -1 ? undefined : rest.splice(at, 1)[0], item, 'strategic');
    return result === undefined ? [] : [result];
  });
  return [...first, ...rest];
}

function isSameItem(one: unknown, other: unknown, keys: readonly string[]): boolean {
  const a = mappingOf(one);
  const b = mappingOf(other);
  const key = keys.find((each) => b?.[each] !== undefined);
  if (!a || !b || key === undefined || a[key] !== b[key]) return false;
  // Two protocols may share a port.
  return key === 'name' || (a['protocol'] ?? 'TCP') === (b['protocol'] ?? 'TCP');
}

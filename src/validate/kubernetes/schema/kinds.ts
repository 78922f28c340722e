import { didYouMean } from '../../../config/suggest.ts';
import { apiLives } from './api-versions.ts';
import { newestMinor } from './cluster.ts';
import { kindLines } from './types.generated.ts';

/** What an apiVersion and kind stand for on a cluster of a given version. */
export type Resolved =
  | { readonly is: 'known'; readonly type: string }
  /** Part of Kubernetes once or of another version, and nothing is known of its fields. */
  | { readonly is: 'without-fields' }
  /** Claims to be part of Kubernetes and is not. */
  | { readonly is: 'unknown'; readonly message: string }
  /** Defined by a custom resource definition or an aggregated API server. */
  | { readonly is: 'custom' };

interface Kinds {
  /** By `<apiVersion> <kind>`. */
  types: ReadonlyMap<string, string>;
  /** Kinds by apiVersion. */
  kinds: ReadonlyMap<string, readonly string[]>;
  groups: ReadonlySet<string>;
}

let index: Kinds | undefined;

export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

function readKinds(): Kinds {
  const types = new Map<string, string>();
  const kinds = new Map<string, string[]>();
  const groups = new Set<string>(['extensions', 'settings.k8s.io']);
  for (const line of kindLines.trim().split('\n')) {
    const [apiVersion = '', kind = '', type = ''] = line.split(' ');
    types.set(`${apiVersion} ${kind}`, type);
    const list = kinds.get(apiVersion) ?? [];
    list.push(kind);
    kinds.set(apiVersion, list);
    groups.add(groupOf(apiVersion));
  }
  return { types, kinds, groups };
}

/** Kinds of Kubernetes itself. */
export function builtInKinds(): Kinds {
  index ??= readKinds();
  return index;
}

export function resolveKind(apiVersion: string, kind: string, clusterMinor: number): Resolved {
  const { types, groups } = builtInKinds();
  const type = types.get(`${apiVersion} ${kind}`);
  if (type !== undefined) return { is: 'known', type };
  if (apiLives().has(`${apiVersion} ${kind}`)) return { is: 'without-fields' };
  if (!groups.has(groupOf(apiVersion))) return { is: 'custom' };
  // A newer cluster may serve what nothing is known of here.
  if (clusterMinor > newestMinor) return { is: 'without-fields' };
  if (kind.endsWith('List') && types.has(`${apiVersion} ${kind.slice(0, -4)}`))
    return { is: 'without-fields' };
  if (apiVersion === 'v1' && (kind === 'List' || kind === 'Status')) return { is: 'without-fields' };
  return { is: 'unknown', message: unknownKind(apiVersion, kind) };
}

function unknownKind(apiVersion: string, kind: string): string {
  const { types, kinds } = builtInKinds();
  const elsewhere = [...types.keys()]
    .filter((key) => key.endsWith(` ${kind}`))
    .map((key) => key.split(' ')[0]);
  if (elsewhere.length > 0) return `${apiVersion} has no kind ${kind}; it is in ${elsewhere.join(' and ')}`;
  const known = kinds.get(apiVersion);
  const versions = [...kinds.keys()].filter((key) => groupOf(key) === groupOf(apiVersion));
  if (!known && versions.length > 0)
    return `${apiVersion} does not exist; the group has ${versions.join(', ')}`;
  return `${apiVersion} has no kind ${kind}${didYouMean(kind, known ?? [])}`;
}

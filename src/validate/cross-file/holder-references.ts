import { listOf, mappingOf, type Path, textOf, valueAt } from '../document.ts';
import type { Container, PodSpec } from '../kubernetes/pods.ts';
import { containerName, named, volumesOf } from '../kubernetes/workloads.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import type { HolderKind } from './holders.ts';
import { allPods } from './pods.ts';

/** A place that names a ConfigMap or Secret. */
export interface HolderReference {
  readonly manifest: Manifest;
  readonly kind: HolderKind;
  readonly name: string;
  readonly path: Path;
  /** Keys that it must have, with their places. */
  readonly keys: readonly { readonly key: string; readonly path: Path }[];
  /** `volume "config" of Deployment "gateway"` */
  readonly subject: string;
}

type Mapping = Readonly<Record<string, unknown>>;

const cache = new WeakMap<Workspace, readonly HolderReference[]>();

/** Every reference to a ConfigMap or Secret that has to be there: those marked optional are left out. */
export function holderReferences(workspace: Workspace): readonly HolderReference[] {
  const known = cache.get(workspace);
  if (known) return known;
  const found = [
    ...allPods(workspace).flatMap(ofPod),
    ...workspace.manifests.flatMap((manifest) => others(manifest)),
  ];
  cache.set(workspace, found);
  return found;
}

function ofPod(pod: PodSpec): HolderReference[] {
  return [
    ...pod.containers.flatMap((container) => [...ofEnv(pod, container), ...ofEnvFrom(pod, container)]),
    ...volumesOf(pod).flatMap(({ value, path }) => ofVolume(pod, value, path)),
    ...pullSecrets(pod.manifest, pod.spec['imagePullSecrets'], [...pod.path, 'imagePullSecrets']),
  ];
}

function ofEnv({ manifest }: PodSpec, container: Container): HolderReference[] {
  return listOf(container.value['env']).flatMap((item, index) => {
    const from = mappingOf(valueAt(item, ['valueFrom']));
    if (!from) return [];
    const path = [...container.path, 'env', index, 'valueFrom'];
    const subject = `env ${textOf(valueAt(item, ['name'])) ?? index} of ${containerName(container)}`;
    return [
      ...keyed({
        manifest,
        kind: 'ConfigMap',
        ref: from['configMapKeyRef'],
        path: [...path, 'configMapKeyRef'],
        subject,
      }),
      ...keyed({
        manifest,
        kind: 'Secret',
        ref: from['secretKeyRef'],
        path: [...path, 'secretKeyRef'],
        subject,
      }),
    ];
  });
}

interface Place {
  manifest: Manifest;
  kind: HolderKind;
  ref: unknown;
  path: Path;
  subject: string;
}

function keyed({ ref, path, ...rest }: Place): HolderReference[] {
  const name = textOf(valueAt(ref, ['name']));
  const key = textOf(valueAt(ref, ['key']));
  if (name === undefined || valueAt(ref, ['optional']) === true) return [];
  const keys = key === undefined ? [] : [{ key, path: [...path, 'key'] }];
  return [{ ...rest, name, path: [...path, 'name'], keys }];
}

function ofEnvFrom({ manifest }: PodSpec, container: Container): HolderReference[] {
  const subject = `envFrom of ${containerName(container)}`;
  return listOf(container.value['envFrom']).flatMap((item, index) => {
    const path = [...container.path, 'envFrom', index];
    const from = mappingOf(item);
    return [
      ...keyed({
        manifest,
        kind: 'ConfigMap',
        ref: from?.['configMapRef'],
        path: [...path, 'configMapRef'],
        subject,
      }),
      ...keyed({ manifest, kind: 'Secret', ref: from?.['secretRef'], path: [...path, 'secretRef'], subject }),
    ];
  });
}

function ofVolume(pod: PodSpec, volume: Mapping, path: Path): HolderReference[] {
  const { manifest } = pod;
  const name = textOf(volume['name']);
  const subject = `volume "${name ?? path.at(-1)}" of ${named(manifest)}`;
  const at = (key: string, kind: HolderKind, nameKey: string) =>
    mounted({ manifest, kind, ref: volume[key], path: [...path, key], subject }, nameKey).map(
      (reference) => ({
        ...reference,
        keys: [...reference.keys, ...subPaths(pod, name, volume[key])],
      }),
    );
  const sources = listOf(valueAt(volume, ['projected', 'sources'])).flatMap((source, index) => {
    const place = [...path, 'projected', 'sources', index];
    const part = mappingOf(source);
    return [
      ...mounted(
        { manifest, kind: 'ConfigMap', ref: part?.['configMap'], path: [...place, 'configMap'], subject },
        'name',
      ),
      ...mounted(
        { manifest, kind: 'Secret', ref: part?.['secret'], path: [...place, 'secret'], subject },
        'name',
      ),
    ];
  });
  const csi = valueAt(volume, ['csi', 'nodePublishSecretRef']);
  return [
    ...at('configMap', 'ConfigMap', 'name'),
    ...at('secret', 'Secret', 'secretName'),
    ...sources,
    ...keyed({ manifest, kind: 'Secret', ref: csi, path: [...path, 'csi', 'nodePublishSecretRef'], subject }),
  ];
}

function mounted({ ref, path, ...rest }: Place, nameKey: string): HolderReference[] {
  const name = textOf(valueAt(ref, [nameKey]));
  if (name === undefined || valueAt(ref, ['optional']) === true) return [];
  const keys = listOf(valueAt(ref, ['items'])).flatMap((item, index) => {
    const key = textOf(valueAt(item, ['key']));
    return key === undefined ? [] : [{ key, path: [...path, 'items', index, 'key'] }];
  });
  return [{ ...rest, name, path: [...path, nameKey], keys }];
}

/** A mount's subPath is the file of one key where the volume does not rename its items. */
function subPaths(pod: PodSpec, volume: string | undefined, source: unknown): HolderReference['keys'] {
  if (volume === undefined || valueAt(source, ['items']) !== undefined) return [];
  return pod.containers.flatMap((container) =>
    listOf(container.value['volumeMounts']).flatMap((item, index) => {
      const mount = mappingOf(item);
      const key = textOf(mount?.['subPath']);
      if (mount?.['name'] !== volume || key === undefined) return [];
      return [{ key, path: [...container.path, 'volumeMounts', index, 'subPath'] }];
    }),
  );
}

const pullSecrets = (manifest: Manifest, value: unknown, path: Path): HolderReference[] =>
  listOf(value).flatMap((ref, index) =>
    keyed({
      manifest,
      kind: 'Secret',
      ref,
      path: [...path, index],
      subject: `imagePullSecrets of ${named(manifest)}`,
    }),
  );

/** Of what is not a pod: ServiceAccounts, TLS of Ingresses and Gateways. */
function others(manifest: Manifest): HolderReference[] {
  switch (manifest.kind) {
    case 'ServiceAccount':
      return pullSecrets(manifest, manifest.value['imagePullSecrets'], ['imagePullSecrets']);
    case 'Ingress':
      return listOf(valueAt(manifest.value, ['spec', 'tls'])).flatMap((item, index) =>
        certificate(manifest, valueAt(item, ['secretName']), ['spec', 'tls', index, 'secretName']),
      );
    case 'Gateway':
      return ofGateway(manifest);
    default:
      return [];
  }
}

function ofGateway(manifest: Manifest): HolderReference[] {
  if (!manifest.apiVersion.startsWith('gateway.networking.k8s.io/')) return [];
  return listOf(valueAt(manifest.value, ['spec', 'listeners'])).flatMap((listener, i) =>
    listOf(valueAt(listener, ['tls', 'certificateRefs'])).flatMap((ref, j) => {
      const kind = valueAt(ref, ['kind']) ?? 'Secret';
      const namespace = valueAt(ref, ['namespace']);
      if (kind !== 'Secret' || (namespace !== undefined && namespace !== manifest.namespace)) return [];
      return certificate(manifest, valueAt(ref, ['name']), [
        'spec',
        'listeners',
        i,
        'tls',
        'certificateRefs',
        j,
        'name',
      ]);
    }),
  );
}

/** Names of a certificate's keys: https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets */
function certificate(manifest: Manifest, name: unknown, path: Path): HolderReference[] {
  const text = textOf(name);
  if (text === undefined) return [];
  const keys = ['tls.crt', 'tls.key'].map((key) => ({ key, path }));
  return [{ manifest, kind: 'Secret', name: text, path, keys, subject: `TLS of ${named(manifest)}` }];
}

import { listOf, mappingOf, type Path, textOf, valueAt } from '../../document.ts';
import type { Manifest, Workspace } from '../../workspace.ts';
import { unknown } from '../variables.ts';
import { compatible, environmentIn } from './environment-name.ts';

/** What a ConfigMap or Secret holds, or what makes one in the cluster. */
export interface KeyedObject {
  /** `Secret "trading-secrets" in k8s/secrets.yml` */
  readonly title: string;
  readonly namespace: string | undefined;
  readonly environment: string | undefined;
  readonly keys: ReadonlyMap<string, string | typeof unknown>;
  /** Why it may have more keys than are known. */
  readonly open: string | undefined;
}

/** Kinds that make a Secret in the cluster, and where they say how it is called; its keys are made elsewhere. */
const makers: Readonly<Record<string, readonly Path[]>> = {
  ExternalSecret: [['spec', 'target', 'name']],
  ClusterExternalSecret: [
    ['spec', 'externalSecretSpec', 'target', 'name'],
    ['spec', 'externalSecretName'],
  ],
  SealedSecret: [['spec', 'template', 'metadata', 'name']],
  VaultStaticSecret: [['spec', 'destination', 'name']],
  VaultDynamicSecret: [['spec', 'destination', 'name']],
  VaultPKISecret: [['spec', 'destination', 'name']],
  HCPVaultSecretsApp: [['spec', 'destination', 'name']],
  OnePasswordItem: [],
  InfisicalSecret: [['spec', 'managedSecretReference', 'secretName']],
  DopplerSecret: [['spec', 'managedSecret', 'name']],
  AzureKeyVaultSecret: [['spec', 'output', 'secret', 'name']],
  BitwardenSecret: [['spec', 'secretName']],
  SopsSecret: [],
  Certificate: [['spec', 'secretName']],
};

type Index = ReadonlyMap<string, readonly KeyedObject[]>;

const cache = new WeakMap<Workspace, Index>();

/** All ConfigMaps and Secrets of a name that a pod in that namespace and environment can mean. */
export function keyedObjects(
  workspace: Workspace,
  wanted: {
    kind: 'ConfigMap' | 'Secret';
    name: string;
    namespace: string | undefined;
    environment: string | undefined;
  },
): readonly KeyedObject[] {
  const found = indexOf(workspace).get(`${wanted.kind} ${wanted.name}`) ?? [];
  return found.filter(
    (object) =>
      compatible(object.namespace, wanted.namespace) && compatible(object.environment, wanted.environment),
  );
}

function indexOf(workspace: Workspace): Index {
  const known = cache.get(workspace);
  if (known) return known;
  const index = new Map<string, KeyedObject[]>();
  for (const manifest of workspace.manifests) {
    for (const { key, object } of entriesOf(workspace, manifest)) {
      const list = index.get(key) ?? [];
      list.push(object);
      index.set(key, list);
    }
  }
  cache.set(workspace, index);
  return index;
}

interface Entry {
  readonly key: string;
  readonly object: KeyedObject;
}

function entriesOf(workspace: Workspace, manifest: Manifest): readonly Entry[] {
  const { kind, name } = manifest;
  const entry = (of: string, called: string, keys: KeyedObject['keys'], open?: string): Entry => ({
    key: `${of} ${called}`,
    object: {
      ...placeOf(workspace, manifest),
      title: `${of} "${called}" in ${manifest.document.file.path}`,
      keys,
      open,
    },
  });
  if (kind === 'ConfigMap') return [entry('ConfigMap', name, configMapKeys(manifest))];
  if (kind === 'Secret') return [entry('Secret', name, secretKeys(manifest))];
  if (kind === 'SecretProviderClass') {
    return listOf(valueAt(manifest.value, ['spec', 'secretObjects'])).flatMap((item) => {
      const called = textOf(mappingOf(item)?.['secretName']);
      return called === undefined ? [] : [entry('Secret', called, new Map(), madeBy(manifest))];
    });
  }
  const paths = Object.hasOwn(makers, kind) ? makers[kind] : undefined;
  if (!paths) return [];
  const called = paths
    .map((path) => textOf(valueAt(manifest.value, path)))
    .find((text) => text !== undefined);
  return [entry('Secret', called ?? name, madeKeys(manifest), madeBy(manifest))];
}

const madeBy = ({ kind, name, document }: Manifest): string =>
  `its Secret is made in the cluster by ${kind} "${name}" (${document.file.path})`;

function placeOf(workspace: Workspace, manifest: Manifest): Pick<KeyedObject, 'namespace' | 'environment'> {
  const { namespace, document } = manifest;
  const environment =
    environmentIn(workspace, namespace ?? '') ?? environmentIn(workspace, document.file.path);
  return { namespace, environment };
}

function configMapKeys({ value }: Manifest): KeyedObject['keys'] {
  const keys = new Map<string, string | typeof unknown>();
  for (const [key, text] of Object.entries(mappingOf(value['data']) ?? {})) keys.set(key, scalar(text));
  for (const key of Object.keys(mappingOf(value['binaryData']) ?? {})) keys.set(key, unknown);
  return keys;
}

/** `stringData` overrides `data`. Values that SOPS has encrypted are not the ones that the container gets. */
function secretKeys({ value }: Manifest): KeyedObject['keys'] {
  const isEncrypted = mappingOf(value['sops']) !== undefined;
  const keys = new Map<string, string | typeof unknown>();
  for (const [key, text] of Object.entries(mappingOf(value['data']) ?? {})) {
    keys.set(key, typeof text === 'string' ? Buffer.from(text, 'base64').toString('utf8') : unknown);
  }
  for (const [key, text] of Object.entries(mappingOf(value['stringData']) ?? {})) keys.set(key, scalar(text));
  if (isEncrypted) for (const key of keys.keys()) keys.set(key, unknown);
  return keys;
}

/** The keys that a maker names; there may be more. */
function madeKeys({ value }: Manifest): KeyedObject['keys'] {
  const sealed = Object.keys(mappingOf(valueAt(value, ['spec', 'encryptedData'])) ?? {});
  const external = [
    ['spec', 'data'],
    ['spec', 'externalSecretSpec', 'data'],
  ]
    .flatMap((path) => listOf(valueAt(value, path)))
    .flatMap((item) => textOf(mappingOf(item)?.['secretKey']) ?? []);
  return new Map([...sealed, ...external].map((key) => [key, unknown]));
}

const scalar = (value: unknown): string | typeof unknown =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : unknown;

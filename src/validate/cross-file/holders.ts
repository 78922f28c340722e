import { listOf, mappingOf, textOf, valueAt } from '../document.ts';
import type { Manifest, Workspace } from '../workspace.ts';
import { generatedHolders, type Holder } from './generated.ts';
import { NameIndex } from './names.ts';

export type HolderKind = 'ConfigMap' | 'Secret';

const cache = new WeakMap<Workspace, Map<HolderKind, NameIndex<Holder>>>();

/** ConfigMaps or Secrets that there will be: written, made by kustomize, or made in the cluster from another object. */
export function holders(workspace: Workspace, kind: HolderKind): NameIndex<Holder> {
  const known = cache.get(workspace) ?? new Map<HolderKind, NameIndex<Holder>>();
  cache.set(workspace, known);
  const found = known.get(kind) ?? new NameIndex(collected(workspace, kind));
  known.set(kind, found);
  return found;
}

const collected = (workspace: Workspace, kind: HolderKind): readonly Holder[] => [
  ...workspace.manifests.flatMap((manifest) =>
    manifest.kind === kind ? [written(manifest)] : madeFrom(manifest, kind),
  ),
  ...generatedHolders(workspace, kind),
];

/** Annotations of controllers that fill in or copy what the manifest leaves empty. */
const filled = /secret-generator|replicat|reflector|inject-cabundle|sops/;

function written(manifest: Manifest): Holder {
  const { value } = manifest;
  const names = ['data', 'stringData', 'binaryData'].flatMap((part) =>
    Object.keys(mappingOf(value[part]) ?? {}),
  );
  const annotations = Object.keys(mappingOf(valueAt(value, ['metadata', 'annotations'])) ?? {});
  const isOpen =
    value['type'] === 'kubernetes.io/service-account-token' ||
    annotations.some((name) => filled.test(name)) ||
    (manifest.kind === 'Secret' && names.length === 0);
  const keys = isOpen ? undefined : new Set(names);
  return { name: manifest.name, manifest, keys };
}

const madeFrom = (manifest: Manifest, kind: HolderKind): readonly Holder[] => {
  if (kind === 'Secret') return secretsFrom(manifest);
  // trust-manager writes the bundle to a ConfigMap of its name in every namespace.
  const isBundle = manifest.kind === 'Bundle' && manifest.apiVersion.startsWith('trust.cert-manager.io/');
  return isBundle ? [open(manifest, manifest.name)] : [];
};

const open = (manifest: Manifest, name: string): Holder => ({ name, manifest, keys: undefined });

/** What a kind of another project makes a Secret called, as its documentation says. */
const makers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ClusterExternalSecret: [['spec', 'externalSecretName']],
  Certificate: [['spec', 'secretName']],
  VaultStaticSecret: [['spec', 'destination', 'name']],
  VaultDynamicSecret: [['spec', 'destination', 'name']],
  VaultPKISecret: [['spec', 'destination', 'name']],
  HCPVaultSecretsApp: [['spec', 'destination', 'name']],
  InfisicalSecret: [['spec', 'managedSecretReference', 'secretName']],
  DopplerSecret: [['spec', 'managedSecret', 'name']],
  BitwardenSecret: [['spec', 'secretName']],
  AzureKeyVaultSecret: [['spec', 'output', 'secret', 'name']],
};

/** These make a Secret of their own name. */
const namesakes = new Set([
  'OnePasswordItem',
  'KafkaUser',
  'VaultSecret',
  'PasswordGenerator',
  'StringSecret',
]);

function secretsFrom(manifest: Manifest): readonly Holder[] {
  const { kind, value } = manifest;
  switch (kind) {
    case 'SealedSecret':
      return [sealed(manifest)];
    case 'ExternalSecret':
      return [external(manifest)];
    case 'SecretProviderClass':
      return listed(manifest, ['spec', 'secretObjects'], 'secretName');
    case 'SopsSecret':
      return listed(manifest, ['spec', 'secretTemplates'], 'name');
    case 'Ingress':
    case 'Gateway':
      return issued(manifest);
    case 'Service':
      return named(manifest, [
        ['metadata', 'annotations', 'service.beta.openshift.io/serving-cert-secret-name'],
      ]);
    case 'Cluster':
      return ofDatabase(manifest);
  }
  if (namesakes.has(kind)) return [open(manifest, manifest.name)];
  const paths = Object.hasOwn(makers, kind) ? (makers[kind] ?? []) : [];
  // Crossplane's way, which every provider's kinds share.
  const connection = ['spec', 'writeConnectionSecretToRef', 'name'];
  return value['spec'] === undefined ? [] : named(manifest, [...paths, connection]);
}

const named = (manifest: Manifest, paths: readonly (readonly string[])[]): readonly Holder[] =>
  paths.flatMap((path) => {
    const name = textOf(valueAt(manifest.value, path));
    return name === undefined ? [] : [open(manifest, name)];
  });

const listed = (manifest: Manifest, path: readonly string[], key: string): readonly Holder[] =>
  listOf(valueAt(manifest.value, path)).flatMap((item) => {
    const name = textOf(valueAt(item, [key]));
    return name === undefined ? [] : [open(manifest, name)];
  });

function sealed(manifest: Manifest): Holder {
  const keys = Object.keys(mappingOf(valueAt(manifest.value, ['spec', 'encryptedData'])) ?? {});
  const templated = Object.keys(mappingOf(valueAt(manifest.value, ['spec', 'template', 'data'])) ?? {});
  return { name: manifest.name, manifest, keys: new Set([...keys, ...templated]) };
}

function external(manifest: Manifest): Holder {
  const spec = mappingOf(manifest.value['spec']);
  const name = textOf(valueAt(spec, ['target', 'name'])) ?? manifest.name;
  const isOpen = spec?.['dataFrom'] !== undefined || valueAt(spec, ['target', 'template']) !== undefined;
  const keys = listOf(spec?.['data']).flatMap((item) => textOf(valueAt(item, ['secretKey'])) ?? []);
  return { name, manifest, keys: isOpen ? undefined : new Set(keys) };
}

/** cert-manager makes the certificates of an Ingress or Gateway that names an issuer. */
function issued(manifest: Manifest): readonly Holder[] {
  const annotations = mappingOf(valueAt(manifest.value, ['metadata', 'annotations'])) ?? {};
  const issuers = /^cert-manager\.io\/(?:cluster-)?issuer$|^kubernetes\.io\/tls-acme$/;
  if (!Object.keys(annotations).some((name) => issuers.test(name))) return [];
  const ofIngress = listed(manifest, ['spec', 'tls'], 'secretName');
  const ofGateway = listOf(valueAt(manifest.value, ['spec', 'listeners'])).flatMap((listener) =>
    listOf(valueAt(listener, ['tls', 'certificateRefs'])).flatMap(
      (ref) => textOf(valueAt(ref, ['name'])) ?? [],
    ),
  );
  return [...ofIngress, ...ofGateway.map((name) => open(manifest, name))];
}

/** CloudNativePG's Secrets of a cluster. */
function ofDatabase(manifest: Manifest): readonly Holder[] {
  if (!manifest.apiVersion.startsWith('postgresql.cnpg.io/')) return [];
  const parts = ['app', 'superuser', 'ca', 'server', 'replication'];
  return parts.map((part) => open(manifest, `${manifest.name}-${part}`));
}

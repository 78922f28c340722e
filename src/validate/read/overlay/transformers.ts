import { listOf, mappingOf, textOf, valueAt } from '../../document.ts';
import {
  existing,
  kindOf,
  mappingAt,
  mappingsIn,
  nameOf,
  podSpecOf,
  type Resource,
  rename,
  templateOf,
} from './resource.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Pairs = Readonly<Record<string, unknown>>;

/** Kinds outside of namespaces; custom ones are taken for namespaced, as kustomize does. */
const clusterScoped = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'DeviceClass',
  'FlowSchema',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);

/** Their names are fixed. */
const unprefixed = new Set(['APIService', 'CustomResourceDefinition', 'Namespace']);

/** Applies what a kustomization says of all its resources, in the order that kustomize keeps. */
export function transform(value: Mapping, resources: readonly Resource[]): void {
  const namespace = textOf(value['namespace']);
  if (namespace !== undefined) for (const each of resources) setNamespace(each, namespace);
  addToNames(value, resources);
  addLabels(value, resources);
  for (const each of resources) addAnnotations(each, mappingOf(value['commonAnnotations']) ?? {});
}

/** The last of them: numbers of replicas, and images. */
export function transformLast(value: Mapping, resources: readonly Resource[]): void {
  for (const item of listOf(value['replicas'])) setReplicas(mappingOf(item) ?? {}, resources);
  for (const item of listOf(value['images'])) setImages(mappingOf(item) ?? {}, resources);
}

function setNamespace(resource: Resource, namespace: string): void {
  const kind = kindOf(resource);
  if (kind === 'Namespace') rename(resource, namespace);
  if (!clusterScoped.has(kind)) mappingAt(resource.value, ['metadata'])['namespace'] = namespace;
  if (!/^(?:Cluster)?RoleBinding$/.test(kind)) return;
  for (const subject of mappingsIn(resource.value['subjects'])) {
    if (subject['kind'] === 'ServiceAccount') subject['namespace'] = namespace;
  }
}

function addToNames(value: Mapping, resources: readonly Resource[]): void {
  const prefix = textOf(value['namePrefix']) ?? '';
  const suffix = textOf(value['nameSuffix']) ?? '';
  for (const each of resources) {
    if (!unprefixed.has(kindOf(each))) rename(each, `${prefix}${nameOf(each)}${suffix}`);
  }
}

function addLabels(value: Mapping, resources: readonly Resource[]): void {
  const common = mappingOf(value['commonLabels']);
  const lists = mappingsIn(value['labels']);
  for (const each of resources) {
    if (common) label(each, common, 'selectors');
    for (const list of lists) {
      const reach = list['includeSelectors'] === true ? 'selectors' : 'object';
      const pairs = mappingOf(list['pairs']) ?? {};
      label(each, pairs, reach);
      if (list['includeTemplates'] === true) labelTemplate(each, pairs);
    }
  }
}

const selecting = new Set(['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet']);

/** `selectors`: also what selects pods, and so the pods. */
function label(resource: Resource, pairs: Pairs, reach: 'object' | 'selectors'): void {
  Object.assign(mappingAt(resource.value, ['metadata', 'labels']), pairs);
  if (reach === 'object') return;
  labelTemplate(resource, pairs);
  const kind = kindOf(resource);
  if (selecting.has(kind))
    Object.assign(mappingAt(resource.value, ['spec', 'selector', 'matchLabels']), pairs);
  const spec = existing(resource.value, ['spec']);
  const selector = kind === 'Service' || kind === 'ReplicationController' ? spec?.['selector'] : undefined;
  if (mappingOf(selector)) Object.assign(selector as object, pairs);
  if (kind === 'PodDisruptionBudget' && existing(spec, ['selector', 'matchLabels']))
    Object.assign(mappingAt(resource.value, ['spec', 'selector', 'matchLabels']), pairs);
  if (kind === 'NetworkPolicy' && existing(spec, ['podSelector', 'matchLabels']))
    Object.assign(mappingAt(resource.value, ['spec', 'podSelector', 'matchLabels']), pairs);
}

function labelTemplate(resource: Resource, pairs: Pairs): void {
  for (const template of templatesOf(resource))
    Object.assign(mappingAt(template, ['metadata', 'labels']), pairs);
}

/** What a workload makes: pods, and before them the jobs of a CronJob. */
const templatesOf = (resource: Resource): readonly Record<string, unknown>[] =>
  [existing(resource.value, ['spec', 'jobTemplate']), templateOf(resource)].filter(
    (template) => template !== undefined,
  );

function addAnnotations(resource: Resource, pairs: Pairs): void {
  if (Object.keys(pairs).length === 0) return;
  for (const value of [resource.value, ...templatesOf(resource)])
    Object.assign(mappingAt(value, ['metadata', 'annotations']), pairs);
}

const replicated = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);

function setReplicas({ name, count }: Mapping, resources: readonly Resource[]): void {
  for (const each of resources) {
    if (replicated.has(kindOf(each)) && each.names.includes(String(name)))
      mappingAt(each.value, ['spec'])['replicas'] = count;
  }
}

function setImages(image: Mapping, resources: readonly Resource[]): void {
  for (const resource of resources) {
    const spec = podSpecOf(resource);
    for (const list of ['containers', 'initContainers']) {
      for (const container of mappingsIn(spec?.[list])) {
        const written = textOf(valueAt(container, ['image']));
        const replaced = written === undefined ? undefined : imageWith(written, image);
        if (replaced !== undefined) container['image'] = replaced;
      }
    }
  }
}

/** The reference with what an entry of `images` says; undefined where it speaks of another one. */
function imageWith(
  written: string,
  { name, newName, newTag, digest, tagSuffix }: Mapping,
): string | undefined {
  const [, repository = '', tag = '', pinned = ''] =
    /^(.+?)(:[\w][\w.-]{0,127})?(@[\w:+.-]+)?$/.exec(written) ?? [];
  if (repository !== name) return undefined;
  const base = textOf(newName) ?? repository;
  if (digest !== undefined) return `${base}${newTag === undefined ? '' : `:${newTag}`}@${digest}`;
  if (newTag !== undefined) return `${base}:${newTag}`;
  return `${base}${tag}${tag !== '' && textOf(tagSuffix) ? tagSuffix : ''}${pinned}`;
}

import { mappingOf, textOf, valueAt } from '../../document.ts';
import { existing, kindOf, mappingsIn, nameOf, namespaceOf, podSpecOf, type Resource } from './resource.ts';

/** A mapping in which a key names an object of a kind. */
interface NameReference {
  holder: Record<string, unknown>;
  key: string;
  kind: string;
}

/**
 * Makes references follow the names that resources were given: each that is a present or former name of a resource becomes
 * the present one. Which fields refer to what is from kustomize's own list (namereference.go).
 */
export function followNames(resources: readonly Resource[]): void {
  const byKind = new Map<string, Resource[]>();
  for (const each of resources) byKind.set(kindOf(each), [...(byKind.get(kindOf(each)) ?? []), each]);
  for (const from of resources) {
    for (const { holder, key, kind } of referencesOf(from)) {
      const name = textOf(holder[key]);
      const meant = name === undefined ? undefined : nearest(from, byKind.get(kind) ?? [], name);
      if (meant) holder[key] = nameOf(meant);
    }
  }
}

/** Of several that had the name, the one that shares most kustomizations. */
function nearest(from: Resource, candidates: readonly Resource[], name: string): Resource | undefined {
  const shared = ({ scope }: Resource): number =>
    scope.filter((folder) => from.scope.includes(folder)).length;
  return candidates
    .filter((each) => each.names.includes(name) && sameNamespace(from, each))
    .sort((a, b) => shared(b) - shared(a))[0];
}

function sameNamespace(one: Resource, other: Resource): boolean {
  const [a, b] = [namespaceOf(one), namespaceOf(other)];
  return a === undefined || b === undefined || a === b;
}

function referencesOf(resource: Resource): readonly NameReference[] {
  const spec = podSpecOf(resource);
  return [...(spec ? ofPod(spec) : []), ...ofKind(resource)];
}

const reference = (value: unknown, path: readonly string[], kind: string): NameReference[] => {
  const holder = existing(value, path.slice(0, -1));
  const key = path.at(-1) ?? '';
  return holder && textOf(holder[key]) !== undefined ? [{ holder, key, kind }] : [];
};

function ofPod(spec: Record<string, unknown>): readonly NameReference[] {
  const containers = ['containers', 'initContainers'].flatMap((list) => mappingsIn(spec[list]));
  return [
    ...containers.flatMap(ofContainer),
    ...mappingsIn(spec['volumes']).flatMap(ofVolume),
    ...mappingsIn(spec['imagePullSecrets']).flatMap((item) => reference(item, ['name'], 'Secret')),
    ...reference(spec, ['serviceAccountName'], 'ServiceAccount'),
    ...reference(spec, ['priorityClassName'], 'PriorityClass'),
  ];
}

const ofContainer = (container: Record<string, unknown>): readonly NameReference[] => [
  ...mappingsIn(container['env']).flatMap((item) => [
    ...reference(item, ['valueFrom', 'configMapKeyRef', 'name'], 'ConfigMap'),
    ...reference(item, ['valueFrom', 'secretKeyRef', 'name'], 'Secret'),
  ]),
  ...mappingsIn(container['envFrom']).flatMap((item) => [
    ...reference(item, ['configMapRef', 'name'], 'ConfigMap'),
    ...reference(item, ['secretRef', 'name'], 'Secret'),
  ]),
];

const ofVolume = (volume: Record<string, unknown>): readonly NameReference[] => [
  ...reference(volume, ['configMap', 'name'], 'ConfigMap'),
  ...reference(volume, ['secret', 'secretName'], 'Secret'),
  ...reference(volume, ['persistentVolumeClaim', 'claimName'], 'PersistentVolumeClaim'),
  ...mappingsIn(valueAt(volume, ['projected', 'sources'])).flatMap((source) => [
    ...reference(source, ['configMap', 'name'], 'ConfigMap'),
    ...reference(source, ['secret', 'name'], 'Secret'),
  ]),
];

function ofKind(resource: Resource): readonly NameReference[] {
  const { value } = resource;
  switch (kindOf(resource)) {
    case 'StatefulSet':
      return reference(value, ['spec', 'serviceName'], 'Service');
    case 'HorizontalPodAutoscaler':
      return ofScaled(value);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return ofBinding(value);
    case 'ServiceAccount':
      return [...mappingsIn(value['imagePullSecrets']), ...mappingsIn(value['secrets'])].flatMap((item) =>
        reference(item, ['name'], 'Secret'),
      );
    case 'Ingress':
      return ofIngress(value);
    default:
      return [];
  }
}

const ofScaled = (value: Record<string, unknown>): readonly NameReference[] =>
  reference(
    value,
    ['spec', 'scaleTargetRef', 'name'],
    String(valueAt(value, ['spec', 'scaleTargetRef', 'kind'])),
  );

const ofBinding = (value: Record<string, unknown>): readonly NameReference[] => [
  ...reference(value, ['roleRef', 'name'], String(valueAt(value, ['roleRef', 'kind']))),
  ...mappingsIn(value['subjects'])
    .filter(({ kind }) => kind === 'ServiceAccount')
    .flatMap((subject) => reference(subject, ['name'], 'ServiceAccount')),
];

function ofIngress(value: Record<string, unknown>): readonly NameReference[] {
  const spec = mappingOf(value['spec']);
  const paths = mappingsIn(spec?.['rules']).flatMap((rule) => mappingsIn(valueAt(rule, ['http', 'paths'])));
  return [
    ...reference(spec, ['defaultBackend', 'service', 'name'], 'Service'),
    ...paths.flatMap((path) => reference(path, ['backend', 'service', 'name'], 'Service')),
    ...mappingsIn(spec?.['tls']).flatMap((item) => reference(item, ['secretName'], 'Secret')),
  ];
}

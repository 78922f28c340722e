import { type Backend, checkBackend } from '../../cross-file/backends.ts';
import { objectsOf } from '../../cross-file/names.ts';
import { listOf, mappingOf, type Path, textOf, valueAt } from '../../document.ts';
import { named, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Manifest, Workspace } from '../../workspace.ts';

const kinds = new Set(['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute']);

export const httpRouteBackend: Rule = {
  id: 'http-route-backend',
  severity: 'error',
  layer: 'cross-file',
  title: 'Services and ports that a Gateway API route leads to exist',
  why: 'A gateway answers 500 for the share of requests whose backend it cannot resolve, so a wrong name shows as an error rate and not as an error.',
  fix: "Write the name of a Service of the route's namespace and the number of one of its ports under `backendRefs`; one of another namespace needs a ReferenceGrant there.",
  source: 'https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref',
  check(workspace, report) {
    for (const manifest of workspace.manifests) {
      if (!kinds.has(manifest.kind) || !manifest.apiVersion.startsWith('gateway.networking.k8s.io/'))
        continue;
      for (const { ref, path } of refsOf(manifest)) checkRef({ manifest, ref, path, workspace, report });
    }
  },
};

interface Ref {
  ref: Readonly<Record<string, unknown>>;
  path: Path;
}

function refsOf(manifest: Manifest): readonly Ref[] {
  return listOf(valueAt(manifest.value, ['spec', 'rules'])).flatMap((rule, i) => {
    const at = ['spec', 'rules', i];
    const refs = listOf(valueAt(rule, ['backendRefs'])).flatMap((item, j) => {
      const path = [...at, 'backendRefs', j];
      return [...refOf(item, path), ...mirrors(valueAt(item, ['filters']), [...path, 'filters'])];
    });
    return [...refs, ...mirrors(valueAt(rule, ['filters']), [...at, 'filters'])];
  });
}

const mirrors = (filters: unknown, at: Path): readonly Ref[] =>
  listOf(filters).flatMap((filter, index) =>
    refOf(valueAt(filter, ['requestMirror', 'backendRef']), [...at, index, 'requestMirror', 'backendRef']),
  );

function refOf(value: unknown, path: Path): Ref[] {
  const ref = mappingOf(value);
  return ref ? [{ ref, path }] : [];
}

interface Task extends Ref {
  manifest: Manifest;
  workspace: Workspace;
  report: Reporter;
}

function checkRef({ manifest, ref, path, workspace, report }: Task): void {
  const name = textOf(ref['name']);
  const group = ref['group'] ?? '';
  if (name === undefined || group !== '' || (ref['kind'] ?? 'Service') !== 'Service') return;
  const namespace = textOf(ref['namespace']) ?? manifest.namespace;
  const from = namespace === manifest.namespace ? manifest : { ...manifest, namespace };
  const number = ref['port'];
  const port = typeof number === 'number' ? { value: number, path: [...path, 'port'] } : undefined;
  const backend: Backend = { from, name, path: [...path, 'name'], port };
  checkBackend(backend, { workspace, report });
  const isAway = from !== manifest && manifest.namespace !== undefined;
  if (isAway && !isGranted(workspace, { from: manifest, to: from, name })) {
    report.find(
      spotOf(manifest, [...path, 'namespace']),
      `${named(manifest)} leads to namespace "${namespace}", where no ReferenceGrant lets it`,
    );
  }
}

/** https://gateway-api.sigs.k8s.io/api-types/referencegrant/ */
function isGranted(
  workspace: Workspace,
  { from, to, name }: { from: Manifest; to: Manifest; name: string },
): boolean {
  return objectsOf(workspace, 'ReferenceGrant')
    .beside(to)
    .some(({ manifest: { value } }) => {
      const givers = listOf(valueAt(value, ['spec', 'from']));
      const takers = listOf(valueAt(value, ['spec', 'to']));
      return (
        givers.some(
          (one) => valueAt(one, ['kind']) === from.kind && valueAt(one, ['namespace']) === from.namespace,
        ) &&
        takers.some(
          (one) =>
            valueAt(one, ['kind']) === 'Service' &&
            [undefined, name].includes(textOf(valueAt(one, ['name']))),
        )
      );
    });
}

import { tellAbsent } from '../../cross-file/absent.ts';
import { objectsOf } from '../../cross-file/names.ts';
import { listOf, mappingOf, type Path, textOf, valueAt } from '../../document.ts';
import { isTemplated } from '../../kubernetes/images.ts';
import { named, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Manifest, Workspace } from '../../workspace.ts';

export const namespaceReference: Rule = {
  id: 'namespace-reference',
  severity: 'error',
  layer: 'cross-file',
  title: 'Bindings name roles and accounts of the namespace where these are',
  why: 'A binding to an account or a role that is not there is accepted and grants nothing: the service finds out when its first call is refused.',
  fix: 'Write the `namespace` where the ServiceAccount is under `subjects`, and the name of a Role of the same namespace or of a ClusterRole under `roleRef`.',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding',
  check(workspace, report) {
    for (const manifest of workspace.manifests) {
      if (manifest.kind !== 'RoleBinding' && manifest.kind !== 'ClusterRoleBinding') continue;
      checkRole({ manifest, workspace, report });
      checkSubjects({ manifest, workspace, report });
    }
  },
};

interface Task {
  manifest: Manifest;
  workspace: Workspace;
  report: Reporter;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings */
const builtIn = /^(?:cluster-admin|admin|edit|view|system:.*)$/;

function checkRole({ manifest, workspace, report }: Task): void {
  const ref = mappingOf(manifest.value['roleRef']);
  const name = textOf(ref?.['name']);
  const kind = textOf(ref?.['kind']);
  if (name === undefined || (kind !== 'Role' && kind !== 'ClusterRole') || isTemplated(name)) return;
  if (kind === 'ClusterRole' && builtIn.test(name)) return;
  const path: Path = ['roleRef', 'name'];
  if (kind === 'Role' && manifest.kind === 'ClusterRoleBinding') {
    const message = `${named(manifest)} names a Role; it can only bind a ClusterRole`;
    report.find(spotOf(manifest, ['roleRef', 'kind']), message);
    return;
  }
  const index = objectsOf(workspace, kind);
  if (index.named(name, manifest).length > 0) return;
  const spot = spotOf(manifest, path);
  // Operators bring ClusterRoles of their own.
  const none = kind === 'ClusterRole' ? 'notice' : 'error';
  tellAbsent({ workspace, report, index, from: manifest, kind, name, spot, subject: named(manifest), none });
}

function checkSubjects({ manifest, workspace, report }: Task): void {
  listOf(manifest.value['subjects']).forEach((subject, i) => {
    const name = textOf(valueAt(subject, ['name']));
    if (valueAt(subject, ['kind']) !== 'ServiceAccount' || name === undefined || isTemplated(name)) return;
    // A RoleBinding means its own namespace where none is written; a ClusterRoleBinding without one is malformed.
    const namespace = textOf(valueAt(subject, ['namespace'])) ?? manifest.namespace;
    if (namespace === undefined) return;
    if (name !== 'default')
      checkAccount({ manifest, workspace, report }, { name, namespace, path: ['subjects', i] });
  });
}

function checkAccount(
  { manifest, workspace, report }: Task,
  { name, namespace, path }: { name: string; namespace: string; path: Path },
): void {
  const index = objectsOf(workspace, 'ServiceAccount');
  const from = { ...manifest, namespace };
  if (index.named(name, from).length > 0) return;
  const [other] = index.anywhere(name);
  if (other?.manifest.namespace !== undefined && other.manifest.namespace !== namespace) {
    const message = `${named(manifest)} looks for ServiceAccount "${name}" in namespace "${namespace}"; it is in "${other.manifest.namespace}"`;
    const isWritten = valueAt(manifest.value, [...path, 'namespace']) !== undefined;
    report.find(spotOf(manifest, [...path, isWritten ? 'namespace' : 'name']), message);
    return;
  }
  const beside = index.beside(from);
  // The accounts of another team's namespace are in another repository.
  if (beside.length === 0) {
    report.skip(
      manifest.document,
      `no ServiceAccount of namespace "${namespace}" to compare ${named(manifest)} with`,
    );
    return;
  }
  const spot = spotOf(manifest, [...path, 'name']);
  tellAbsent({
    workspace,
    report,
    index,
    from,
    kind: 'ServiceAccount',
    name,
    spot,
    subject: named(manifest),
  });
}

import { listOf, mappingOf, type Path, valueAt } from '../../document.ts';
import { isSystem, named, spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Manifest } from '../../workspace.ts';

const roles = new Set(['Role', 'ClusterRole']);
const bindings = new Set(['RoleBinding', 'ClusterRoleBinding']);

export const rbacWildcard: Rule = {
  id: 'rbac-wildcard',
  severity: 'warning',
  layer: 'policy',
  title: 'Roles name the verbs and resources that they grant',
  why: 'A `*` also grants what the cluster learns tomorrow, and together with `*` elsewhere it is the whole cluster for whoever gets hold of one token.',
  fix: 'List the `verbs` and `resources` that are used; bind a role of your own instead of cluster-admin.',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
  check(workspace, report) {
    for (const manifest of workspace.manifests) {
      if (isSystem(manifest)) continue;
      if (roles.has(manifest.kind)) checkRole(manifest, report);
      if (bindings.has(manifest.kind)) checkBinding(manifest, report);
    }
  },
};

function checkRole(manifest: Manifest, report: Reporter): void {
  for (const [index, item] of listOf(manifest.value['rules']).entries()) {
    const rule = mappingOf(item);
    if (!rule) continue;
    const wild = ['verbs', 'resources', 'nonResourceURLs'].filter((key) => listOf(rule[key]).includes('*'));
    const isEverything = wild.includes('verbs') && wild.length > 1;
    if (isEverything) {
      const groups = listOf(rule['apiGroups']);
      report.find(
        spotOf(manifest, starOf(rule, index, 'verbs')),
        `${named(manifest)} grants every verb on everything that the rule names; list what is used`,
        { severity: groups.includes('*') || groups.includes('') ? 'error' : 'warning' },
      );
      continue;
    }
    for (const key of wild) {
      report.find(
        spotOf(manifest, starOf(rule, index, key)),
        `${named(manifest)} grants all ${key} with *; list them`,
      );
    }
  }
}

const starOf = (rule: Readonly<Record<string, unknown>>, index: number, key: string): Path => [
  'rules',
  index,
  key,
  listOf(rule[key]).indexOf('*'),
];

function checkBinding(manifest: Manifest, report: Reporter): void {
  if (valueAt(manifest.value, ['roleRef', 'name']) !== 'cluster-admin') return;
  const reach = manifest.kind === 'ClusterRoleBinding' ? 'the whole cluster' : 'its namespace';
  report.find(
    spotOf(manifest, ['roleRef', 'name']),
    `${named(manifest)} makes its subjects administrators of ${reach}; bind a role with what they need`,
    { severity: manifest.kind === 'ClusterRoleBinding' ? 'error' : 'warning' },
  );
}

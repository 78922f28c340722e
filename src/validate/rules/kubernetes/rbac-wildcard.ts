import { listOf, mappingOf, valueAt } from '../../document.ts';
import { isSystem, spotOf } from '../../kubernetes/workloads.ts';
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
    for (const key of wild) {
      const path = ['rules', index, key, listOf(rule[key]).indexOf('*')];
      const message = isEverything
        ? `${manifest.kind} "${manifest.name}" grants every verb on every ${key === 'nonResourceURLs' ? 'URL' : 'resource'} of the rule`
        : `${manifest.kind} "${manifest.name}" grants all ${key} with *; list them`;
      report.find(spotOf(manifest, path), message, { severity: isEverything ? 'error' : 'warning' });
    }
  }
}

function checkBinding(manifest: Manifest, report: Reporter): void {
  if (valueAt(manifest.value, ['roleRef', 'name']) !== 'cluster-admin') return;
  const reach = manifest.kind === 'ClusterRoleBinding' ? 'the whole cluster' : 'its namespace';
  report.find(
    spotOf(manifest, ['roleRef', 'name']),
    `${manifest.kind} "${manifest.name}" makes its subjects administrators of ${reach}; bind a role with what they need`,
    { severity: manifest.kind === 'ClusterRoleBinding' ? 'error' : 'warning' },
  );
}

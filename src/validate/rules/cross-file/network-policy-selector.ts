import { hiddenPodsBeside, podIndex } from '../../cross-file/pods.ts';
import { listOf, mappingOf, type Path, valueAt } from '../../document.ts';
import { labelSelector, selectsAll } from '../../kubernetes/selectors.ts';
import { named } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Manifest, Workspace } from '../../workspace.ts';

export const networkPolicySelector: Rule = {
  id: 'network-policy-selector',
  severity: 'warning',
  layer: 'cross-file',
  title: 'Network policies select pods that exist',
  why: 'A policy whose selector matches no pod protects nothing, and an allowed peer that matches none is a connection that is cut off.',
  fix: 'Write labels that the pod template of the workload has under `podSelector`.',
  source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  check(workspace, report) {
    for (const manifest of workspace.manifests) {
      if (manifest.kind !== 'NetworkPolicy' || !manifest.apiVersion.startsWith('networking.k8s.io/'))
        continue;
      for (const path of selectorPaths(manifest)) checkSelector({ manifest, workspace, report }, path);
    }
  },
};

/** The policy's own selector, and those of peers in its own namespace. */
function selectorPaths({ value }: Manifest): readonly Path[] {
  const peers = (['ingress', 'egress'] as const).flatMap((direction) =>
    listOf(valueAt(value, ['spec', direction])).flatMap((rule, i) => {
      const side = direction === 'ingress' ? 'from' : 'to';
      return listOf(valueAt(rule, [side])).flatMap((peer, j) =>
        mappingOf(peer)?.['namespaceSelector'] === undefined
          ? [['spec', direction, i, side, j, 'podSelector']]
          : [],
      );
    }),
  );
  return [['spec', 'podSelector'], ...peers];
}

interface Task {
  manifest: Manifest;
  workspace: Workspace;
  report: Reporter;
}

function checkSelector({ manifest, workspace, report }: Task, path: Path): void {
  const selector = labelSelector(valueAt(manifest.value, path));
  const index = podIndex(workspace);
  if (!selector || selectsAll(selector) || index.selected(selector, manifest).length > 0) return;
  if (index.beside(manifest).length === 0 || hiddenPodsBeside(workspace, manifest)) {
    report.skip(manifest.document, `${named(manifest)} may select pods that are in no manifest`);
    return;
  }
  const labels = selector.requirements.map(({ key, values }) => `${key}: ${values.join(' or ')}`).join(', ');
  const message = `${named(manifest)} selects ${labels}, which no pod of its namespace has`;
  report.find({ document: manifest.document, path, part: 'key' }, message);
}

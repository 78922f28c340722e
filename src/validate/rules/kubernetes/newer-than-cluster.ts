import { problemsOf } from '../../kubernetes/schema/check.ts';
import { tell } from '../../kubernetes/schema/tell.ts';
import { apiUses } from '../../kubernetes/schema/uses.ts';
import type { Rule } from '../../rule.ts';

export const newerThanCluster: Rule = {
  id: 'newer-than-cluster',
  severity: 'error',
  layer: 'schema',
  title: 'Manifests use only what the cluster version has',
  why: 'An older API server rejects an API version that it does not serve, and drops or rejects a field that it does not know.',
  fix: 'Upgrade the cluster first, or do without the field; the version that manifests are checked against is the newest known one unless another is chosen. Fields of stable API versions, and values that came later than their field, are dated from Kubernetes 1.21 on; those of alphas and betas are not.',
  source: 'https://kubernetes.io/releases/version-skew-policy/',
  check(workspace, report) {
    for (const { manifest, life, minor } of apiUses(workspace)) {
      if (life.since === undefined || life.since <= minor) continue;
      const message = `${manifest.kind} in ${manifest.apiVersion} is served since Kubernetes 1.${life.since}, the cluster has 1.${minor}`;
      report.find({ document: manifest.document, path: ['apiVersion'] }, message);
    }
    tell(problemsOf(workspace, 'newer-than-cluster'), report);
  },
};

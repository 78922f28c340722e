import { adviceOf } from '../../kubernetes/schema/api-versions.ts';
import { apiUses } from '../../kubernetes/schema/uses.ts';
import type { Rule } from '../../rule.ts';

export const apiRemoved: Rule = {
  id: 'api-removed',
  severity: 'error',
  layer: 'schema',
  title: 'Manifests use API versions that the cluster still serves',
  why: 'The API server answers "no matches for kind" to an API version that it no longer serves, and the release stops there.',
  fix: 'Write the `apiVersion` that the finding names, and adapt the fields as the deprecation guide tells for that kind.',
  source: 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
  check(workspace, report) {
    for (const { manifest, life, minor } of apiUses(workspace)) {
      if (life.removed === undefined || life.removed > minor) continue;
      const message = `${manifest.kind} in ${manifest.apiVersion} is not served since Kubernetes 1.${life.removed}${adviceOf(life)}`;
      report.find({ document: manifest.document, path: ['apiVersion'] }, message);
    }
  },
};

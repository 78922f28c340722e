import { adviceOf } from '../../kubernetes/schema/api-versions.ts';
import { definitionsOf } from '../../kubernetes/schema/definitions.ts';
import { apiUses } from '../../kubernetes/schema/uses.ts';
import type { Rule } from '../../rule.ts';

export const apiDeprecated: Rule = {
  id: 'api-deprecated',
  severity: 'warning',
  layer: 'schema',
  title: 'Manifests use no API version that is on its way out',
  why: 'A deprecated API version is gone a few releases later; the cluster upgrade that removes it then blocks every release that still uses it.',
  fix: 'Write the `apiVersion` that the finding names while both are served.',
  source: 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
  check(workspace, report) {
    for (const { manifest, life, minor } of apiUses(workspace)) {
      if (life.deprecated === undefined || life.deprecated > minor || (life.removed ?? minor + 1) <= minor)
        continue;
      const end = life.removed === undefined ? '' : ` and gone in 1.${life.removed}`;
      const message = `${manifest.kind} in ${manifest.apiVersion} is deprecated since Kubernetes 1.${life.deprecated}${end}${adviceOf(life)}`;
      report.find({ document: manifest.document, path: ['apiVersion'] }, message);
    }
    const definitions = definitionsOf(workspace);
    for (const manifest of definitions.size === 0 ? [] : workspace.manifests) {
      const own = definitions.get(`${manifest.apiVersion} ${manifest.kind}`) ?? [];
      const words = own.every(({ deprecated }) => deprecated !== undefined) ? own[0]?.deprecated : undefined;
      if (words === undefined) continue;
      const message = `${manifest.kind} in ${manifest.apiVersion} is deprecated by its definition${words && `: ${words}`}`;
      report.find({ document: manifest.document, path: ['apiVersion'] }, message);
    }
  },
};

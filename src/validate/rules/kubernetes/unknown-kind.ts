import { didYouMean } from '../../../config/suggest.ts';
import { clusterMinor } from '../../kubernetes/schema/cluster.ts';
import { definitionsOf } from '../../kubernetes/schema/definitions.ts';
import { groupOf, resolveKind } from '../../kubernetes/schema/kinds.ts';
import type { Rule } from '../../rule.ts';
import type { Manifest, Workspace } from '../../workspace.ts';

export const unknownKind: Rule = {
  id: 'unknown-kind',
  severity: 'error',
  layer: 'schema',
  title: 'Kinds of Kubernetes itself exist in the API version that is written',
  why: 'The API server answers "no matches for kind" and the release stops; `Deployment` in `v1` or `Service` in `apps/v1` are the usual slips.',
  fix: 'Write the `apiVersion` or the `kind` that the finding names. Custom kinds that no definition in the repository defines are not judged.',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/',
  check(workspace, report) {
    const minor = clusterMinor(workspace);
    for (const manifest of workspace.manifests) {
      const resolved = resolveKind(manifest.apiVersion, manifest.kind, minor);
      const message = resolved.is === 'unknown' ? resolved.message : undefinedKind(workspace, manifest);
      if (message !== undefined) report.find({ document: manifest.document, path: ['kind'] }, message);
    }
  },
};

/** A custom kind whose group and version are defined in the repository, while the kind is not, or is not served. */
function undefinedKind(workspace: Workspace, { apiVersion, kind }: Manifest): string | undefined {
  const definitions = definitionsOf(workspace);
  if (definitions.size === 0) return undefined;
  const own = definitions.get(`${apiVersion} ${kind}`);
  if (own?.some(({ served }) => served)) return undefined;
  if (own) return `${kind} in ${apiVersion} is defined with served: false`;
  const versions = [...definitions.keys()].filter(
    (key) => groupOf(key) === groupOf(apiVersion) && key.endsWith(` ${kind}`),
  );
  const found = versions.map((key) => key.split(' ')[0]).join(', ');
  if (found !== '') return `${kind} is not defined in ${apiVersion}, it is in ${found}`;
  const siblings = [...definitions.keys()]
    .filter((key) => key.startsWith(`${apiVersion} `))
    .map((key) => key.slice(apiVersion.length + 1));
  const guess = didYouMean(kind, siblings);
  return guess === '' ? undefined : `${kind} is not defined in ${apiVersion}${guess}`;
}

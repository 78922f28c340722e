import { schemaReport } from '../../kubernetes/schema/check.ts';
import { tell } from '../../kubernetes/schema/tell.ts';
import type { Rule } from '../../rule.ts';

export const schema: Rule = {
  id: 'schema',
  severity: 'error',
  layer: 'schema',
  title: 'Manifests have the fields, types and values that the API server accepts',
  why: 'A port out of range, a number where text is needed or a Deployment without a selector is rejected when the release is already under way; found here it costs nothing.',
  fix: 'Write what the finding says is allowed. Numbers and truth values that stand for text (`value: "8080"`) need quotes.',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/',
  check(workspace, report) {
    const { problems, skipped } = schemaReport(workspace);
    tell(
      problems.filter(({ rule }) => rule === 'schema'),
      report,
    );
    for (const { manifest, reason } of skipped) report.skip(manifest.document, reason);
  },
};

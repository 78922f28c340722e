import { problemsOf } from '../../kubernetes/schema/check.ts';
import { tell } from '../../kubernetes/schema/tell.ts';
import type { Rule } from '../../rule.ts';

export const quantity: Rule = {
  id: 'quantity',
  severity: 'error',
  layer: 'schema',
  title: 'Quantities are well formed and requests stay within limits',
  why: 'The API server rejects a quantity that it cannot read and requests above limits; `memory: 512m` is read, as half a byte, and the container never starts.',
  fix: 'Write a number with a suffix that exists: `100m` or `0.5` for CPU, `512Mi` or `1Gi` for memory; keep `requests` at or below `limits`.',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/',
  check: (workspace, report) => tell(problemsOf(workspace, 'quantity'), report),
};

import { problemsOf } from '../../kubernetes/schema/check.ts';
import { tell } from '../../kubernetes/schema/tell.ts';
import type { Rule } from '../../rule.ts';

export const exclusiveFields: Rule = {
  id: 'exclusive-fields',
  severity: 'error',
  layer: 'schema',
  title: 'Of fields that exclude each other exactly one is given',
  why: 'A volume with two sources, a probe without a handler or a variable with both `value` and `valueFrom` is rejected by the API server in the middle of a release.',
  fix: 'Keep the one that is meant, remove the other ones; where none is given, write one of those that the finding names.',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/',
  check: (workspace, report) => tell(problemsOf(workspace, 'exclusive-fields'), report),
};

import { problemsOf } from '../../kubernetes/schema/check.ts';
import { tell } from '../../kubernetes/schema/tell.ts';
import type { Rule } from '../../rule.ts';

export const customResource: Rule = {
  id: 'custom-resource',
  severity: 'error',
  layer: 'schema',
  title: 'Custom resources follow the schema of their definition',
  why: 'The API server prunes fields that the definition does not have and rejects values that it does not allow, so an operator works with less than was written.',
  fix: 'Write what the CustomResourceDefinition in this repository allows, or bring that definition up to date. CEL rules of the definition are not evaluated.',
  source: 'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/',
  check: (workspace, report) => tell(problemsOf(workspace, 'custom-resource'), report),
};

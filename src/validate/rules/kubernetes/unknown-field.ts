import { problemsOf } from '../../kubernetes/schema/check.ts';
import { tell } from '../../kubernetes/schema/tell.ts';
import type { Rule } from '../../rule.ts';

export const unknownField: Rule = {
  id: 'unknown-field',
  severity: 'error',
  layer: 'schema',
  title: 'Manifests hold only fields that Kubernetes has',
  why: 'A misspelled field is dropped or the whole manifest is rejected; dropped, the probe, limit or security setting that it was meant to be is not there, and nothing says so until the day it is needed.',
  fix: 'Write the field as the API reference spells it, at the level where it belongs; the finding names the nearest one.',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/',
  check: (workspace, report) => tell(problemsOf(workspace, 'unknown-field'), report),
};

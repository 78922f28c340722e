import { problemsOf } from '../../kubernetes/schema/check.ts';
import { tell } from '../../kubernetes/schema/tell.ts';
import type { Rule } from '../../rule.ts';

export const duplicateItem: Rule = {
  id: 'duplicate-item',
  severity: 'error',
  layer: 'schema',
  title: 'Items of a list that is merged by key have different keys',
  why: 'Two containers, volumes or mounts of one name are rejected; two variables or ports of one key are accepted, then the last one wins and the next patch or server-side apply loses one of them or fails.',
  fix: 'Rename one of the two items, or remove the one that is not meant.',
  source: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy',
  check: (workspace, report) => tell(problemsOf(workspace, 'duplicate-item'), report),
};

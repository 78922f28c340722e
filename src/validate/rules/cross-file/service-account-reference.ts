import { tellAbsent } from '../../cross-file/absent.ts';
import { objectsOf } from '../../cross-file/names.ts';
import { allPods } from '../../cross-file/pods.ts';
import { textOf } from '../../document.ts';
import { isTemplated } from '../../kubernetes/images.ts';
import { named, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

export const serviceAccountReference: Rule = {
  id: 'service-account-reference',
  severity: 'error',
  layer: 'cross-file',
  title: 'ServiceAccounts that pods run as exist',
  why: 'The API server refuses pods of a ServiceAccount that does not exist: the Deployment is accepted, and no pod of it ever appears.',
  fix: 'Write the name of a ServiceAccount of the same namespace under `serviceAccountName`, or add its manifest. `default` is in every namespace.',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  check(workspace, report) {
    const index = objectsOf(workspace, 'ServiceAccount');
    for (const { manifest: from, spec, path } of allPods(workspace)) {
      for (const key of ['serviceAccountName', 'serviceAccount']) {
        const name = textOf(spec[key]);
        if (name === undefined || name === 'default' || isTemplated(name)) continue;
        if (index.named(name, from).length > 0) continue;
        const spot = spotOf(from, [...path, key]);
        // Cloud identities are often made together with their account by other tools.
        const none = 'warning';
        tellAbsent({
          workspace,
          report,
          index,
          from,
          kind: 'ServiceAccount',
          name,
          spot,
          subject: named(from),
          none,
        });
      }
    }
  },
};

import { tellAbsent } from '../../cross-file/absent.ts';
import { objectsOf } from '../../cross-file/names.ts';
import { allPods } from '../../cross-file/pods.ts';
import { textOf } from '../../document.ts';
import { isTemplated } from '../../kubernetes/images.ts';
import { named, spotOf } from '../../kubernetes/workloads.ts';
import type { Rule } from '../../rule.ts';

/** https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/ */
const builtIn = new Set(['system-cluster-critical', 'system-node-critical']);

export const priorityClass: Rule = {
  id: 'priority-class',
  severity: 'error',
  layer: 'cross-file',
  title: 'PriorityClasses that pods name exist',
  why: 'A pod of an unknown PriorityClass is refused when it is created, so the new colour never gets a single pod.',
  fix: 'Write the name of a PriorityClass under `priorityClassName`, or add its manifest. Where the workspace holds none at all this is only a notice, as the cluster may have it.',
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
  check(workspace, report) {
    const index = objectsOf(workspace, 'PriorityClass');
    for (const { manifest: from, spec, path } of allPods(workspace)) {
      const name = textOf(spec['priorityClassName']);
      if (name === undefined || builtIn.has(name) || isTemplated(name)) continue;
      if (index.named(name, from).length > 0) continue;
      const spot = spotOf(from, [...path, 'priorityClassName']);
      const none = 'notice';
      tellAbsent({
        workspace,
        report,
        index,
        from,
        kind: 'PriorityClass',
        name,
        spot,
        subject: named(from),
        none,
      });
    }
  },
};

import type { Rule } from '../../rule.ts';
import { atKey, named, workflowsOf } from '../../workflows/model.ts';

export const workflowTimeout: Rule = {
  id: 'workflow-timeout',
  severity: 'notice',
  layer: 'policy',
  title: 'Jobs have a time limit',
  why: 'A job that hangs holds its runner, and its place in a concurrency group, for six hours: nothing can be released or rolled back behind it.',
  fix: 'Write `timeout-minutes` on the job, about three times what it usually takes.',
  source:
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const job of workflow.jobs.values()) {
        const isLimited = job.value['timeout-minutes'] !== undefined;
        const isByStep =
          job.steps.length > 0 && job.steps.every(({ value }) => value['timeout-minutes'] !== undefined);
        if (isLimited || isByStep || job.value['uses'] !== undefined) continue;
        report.find(
          atKey(workflow, job.path),
          `${named(job)} has no timeout-minutes; it may hang for six hours`,
        );
      }
    }
  },
};

import { mappingOf, type Path, valueAt } from '../../document.ts';
import type { Rule } from '../../rule.ts';
import { deploymentsOf } from '../../workflows/deploys.ts';
import { at, type Job, type Workflow, workflowsOf } from '../../workflows/model.ts';

export const workflowDeployCancel: Rule = {
  id: 'workflow-deploy-cancel',
  severity: 'warning',
  layer: 'policy',
  title: 'A running deployment is not cancelled by the next',
  why: 'Cancelling kills the deployment about ten seconds later, wherever it is: half of the services may be switched and nothing rolls back.',
  fix: 'Write `cancel-in-progress: false` in the concurrency group of what deploys; the next run then waits its turn.',
  source:
    'https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const deploying = [...workflow.jobs.values()].filter((job) =>
        deploymentsOf(job).some(({ does }) => !/ pushes? | push"|--push"|pushes an image/.test(` ${does}`)),
      );
      for (const [path, job] of cancelled(workflow, deploying)) {
        report.find(
          at(workflow, path),
          `a newer run cancels job "${job.id}" in the middle of its deployment; write cancel-in-progress: false`,
        );
      }
    }
  },
};

function cancelled(workflow: Workflow, deploying: readonly Job[]): readonly (readonly [Path, Job])[] {
  const key = ['concurrency', 'cancel-in-progress'];
  const [first] = deploying;
  const own = deploying.flatMap((job) =>
    cancels(valueAt(job.value, key)) ? [[[...job.path, ...key], job] as const] : [],
  );
  return first && cancels(valueAt(mappingOf(workflow.file.value), key)) ? [[key, first], ...own] : own;
}

/** Expressions can tell deployments from the rest. */
const cancels = (value: unknown): boolean => value === true || value === 'true';

import { listOf } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';
import { at, atKey, type Job, named, type Workflow, workflowsOf } from '../../workflows/model.ts';

export const workflowRunsOn: Rule = {
  id: 'workflow-runs-on',
  severity: 'error',
  layer: 'schema',
  title: 'Jobs say where they run and what they do',
  why: 'GitHub refuses the whole file when a job has no `runs-on` or no `steps`; a label of an image that is no longer offered waits for a runner until it is cancelled.',
  fix: 'Write `runs-on: ubuntu-24.04` and `steps`, or call a reusable workflow with `uses`.',
  source:
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idruns-on',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const job of workflow.jobs.values())
        if (job.value['uses'] === undefined) checkJob(workflow, job, report);
    }
  },
};

/** Images that GitHub has shut down, from https://github.com/actions/runner-images (announcements). */
const retired: ReadonlySet<string> = new Set([
  'ubuntu-16.04',
  'ubuntu-18.04',
  'ubuntu-20.04',
  'macos-10.15',
  'macos-11',
  'macos-12',
  'macos-13',
  'windows-2016',
  'windows-2019',
]);

function checkJob(workflow: Workflow, job: Job, report: Reporter): void {
  const label = job.value['runs-on'];
  if (label === undefined || label === null)
    report.find(atKey(workflow, job.path), `${named(job)} has no runs-on`);
  else if (typeof label === 'string' && retired.has(label))
    report.find(at(workflow, [...job.path, 'runs-on']), `the runner image "${label}" is no longer offered`);
  if (listOf(job.value['steps']).length === 0)
    report.find(atKey(workflow, job.path), `${named(job)} has no steps`);
}

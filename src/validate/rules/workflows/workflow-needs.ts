import { didYouMean } from '../../../config/suggest.ts';
import type { Reporter, Rule } from '../../rule.ts';
import { at, type Job, named, type Workflow, workflowsOf } from '../../workflows/model.ts';
import { cyclesOf } from '../../workflows/needs.ts';

export const workflowNeeds: Rule = {
  id: 'workflow-needs',
  severity: 'error',
  layer: 'schema',
  title: 'Jobs need jobs that exist, and not in a circle',
  why: 'GitHub refuses the whole file when `needs` names a job that is not there or goes round in a circle: nothing of it runs, and nothing turns red.',
  fix: 'Name jobs of the same workflow under `needs`, and break the circle.',
  source:
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const job of workflow.jobs.values()) checkNames(workflow, job, report);
      for (const cycle of cyclesOf(workflow)) tellCycle(workflow, cycle, report);
    }
  },
};

function checkNames(workflow: Workflow, job: Job, report: Reporter): void {
  const isList = Array.isArray(job.value['needs']);
  for (const [index, need] of job.needs.entries()) {
    if (workflow.jobs.has(need)) continue;
    const path = [...job.path, 'needs', ...(isList ? [index] : [])];
    const others = [...workflow.jobs.keys()].filter((id) => id !== job.id);
    report.find(
      at(workflow, path),
      `${named(job)} needs "${need}", which is not a job of this workflow${didYouMean(need, others)}`,
    );
  }
}

function tellCycle(workflow: Workflow, cycle: readonly string[], report: Reporter): void {
  const job = workflow.jobs.get(cycle[0] ?? '');
  if (!job) return;
  const way = [...cycle, job.id].map((id) => `"${id}"`).join(' needs ');
  report.find(
    at(workflow, [...job.path, 'needs']),
    cycle.length === 1 ? `${named(job)} needs itself` : `jobs need each other in a circle: ${way}`,
  );
}

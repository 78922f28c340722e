import { listOf, mappingOf } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';
import { at, atKey, type Job, type Step, type Workflow, workflowsOf } from '../../workflows/model.ts';

export const workflowStep: Rule = {
  id: 'workflow-step',
  severity: 'error',
  layer: 'schema',
  title: 'A step either runs a script or uses an action',
  why: 'GitHub refuses the whole file when a step has both `run` and `uses`, or neither, or shares its `id`.',
  fix: 'Split the step in two, or add the missing `run` or `uses`; give each step of a job an id of its own.',
  source:
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idsteps',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const job of workflow.jobs.values()) {
        listOf(job.value['steps']).forEach((item, index) => {
          if (mappingOf(item) === undefined)
            report.find(at(workflow, [...job.path, 'steps', index]), 'a step is a mapping with run or uses');
        });
        for (const step of job.steps) checkStep(workflow, step, report);
        checkIds(workflow, job, report);
      }
    }
  },
};

function checkStep(workflow: Workflow, { value, path }: Step, report: Reporter): void {
  const [hasRun, hasUses] = [value['run'] !== undefined, value['uses'] !== undefined];
  if (hasRun && hasUses) report.find(atKey(workflow, [...path, 'uses']), 'a step has run or uses, not both');
  else if (!hasRun && !hasUses) report.find(at(workflow, path), 'the step has neither run nor uses');
  else if (hasRun && value['with'] !== undefined)
    report.find(
      atKey(workflow, [...path, 'with']),
      '"with" belongs to a step with uses; a script gets its values by env',
    );
  else if (hasUses) {
    for (const key of ['shell', 'working-directory'])
      if (value[key] !== undefined)
        report.find(atKey(workflow, [...path, key]), `"${key}" belongs to a step with run`);
  }
}

function checkIds(workflow: Workflow, { steps }: Job, report: Reporter): void {
  const seen = new Set<string>();
  for (const { id, path } of steps) {
    if (id === undefined) continue;
    if (seen.has(id.toLowerCase()))
      report.find(at(workflow, [...path, 'id']), `another step of this job has the id "${id}"`);
    seen.add(id.toLowerCase());
  }
}

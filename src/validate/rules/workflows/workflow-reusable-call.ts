import { didYouMean } from '../../../config/suggest.ts';
import { mappingOf } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';
import { callKeys, jobKeys } from '../../workflows/keys.ts';
import { at, atKey, type Job, named, type Workflow, workflowsOf } from '../../workflows/model.ts';

export const workflowReusableCall: Rule = {
  id: 'workflow-reusable-call',
  severity: 'error',
  layer: 'schema',
  title: 'Calls of reusable workflows fit what is called',
  why: 'GitHub refuses the whole file when a job that calls a workflow also has steps or a runner, or hands over what the called one does not take.',
  fix: 'Keep only name, uses, with, secrets, strategy, needs, if, concurrency and permissions, and the inputs that `on.workflow_call` declares.',
  source:
    'https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations#supported-keywords-for-jobs-that-call-a-reusable-workflow',
  check(workspace, report) {
    const all = workflowsOf(workspace);
    const byPath = new Map(all.map((workflow) => [workflow.file.document.file.path, workflow]));
    for (const workflow of all) {
      for (const job of workflow.jobs.values()) {
        if (job.uses === undefined) checkPlain(workflow, job, report);
        else {
          checkKeys(workflow, job, report);
          const called = job.uses.startsWith('./') ? byPath.get(job.uses.slice(2)) : undefined;
          if (called) checkCall(workflow, job, called, report);
        }
      }
    }
  },
};

function checkPlain(workflow: Workflow, { value, path }: Job, report: Reporter): void {
  for (const key of ['with', 'secrets'])
    if (value[key] !== undefined)
      report.find(
        atKey(workflow, [...path, key]),
        `"${key}" belongs to a job that calls a reusable workflow with uses`,
      );
}

function checkKeys(workflow: Workflow, job: Job, report: Reporter): void {
  for (const key of Object.keys(job.value)) {
    // What no job knows is told by workflow-unknown-key.
    if (callKeys.includes(key) || !jobKeys.includes(key)) continue;
    report.find(
      atKey(workflow, [...job.path, key]),
      `"${key}" cannot stand beside uses: ${named(job)} calls a reusable workflow`,
    );
  }
}

function checkCall(workflow: Workflow, job: Job, called: Workflow, report: Reporter): void {
  const declared = called.events.get('workflow_call');
  const spot = at(workflow, [...job.path, 'uses']);
  if (!declared) {
    report.find(spot, `"${job.uses}" has no on.workflow_call, so it cannot be called`);
    return;
  }
  for (const [key, what] of [
    ['with', 'inputs'],
    ['secrets', 'secrets'],
  ] as const) {
    if (job.value[key] === 'inherit') continue;
    const allowed = mappingOf(declared[what]) ?? {};
    const given = mappingOf(job.value[key]) ?? {};
    const noun = what === 'inputs' ? 'input' : 'secret';
    for (const name of Object.keys(given)) {
      if (hasName(allowed, name)) continue;
      report.find(
        atKey(workflow, [...job.path, key, name]),
        `"${job.uses}" has no ${noun} "${name}"${didYouMean(name, Object.keys(allowed))}`,
      );
    }
    for (const [name, value] of Object.entries(allowed)) {
      const isMissing =
        mappingOf(value)?.['required'] === true && mappingOf(value)?.['default'] === undefined;
      if (isMissing && !hasName(given, name))
        report.find(spot, `"${job.uses}" requires the ${noun} "${name}"`);
    }
  }
}

const hasName = (map: Readonly<Record<string, unknown>>, name: string): boolean =>
  Object.keys(map).some((key) => key.toLowerCase() === name.toLowerCase());

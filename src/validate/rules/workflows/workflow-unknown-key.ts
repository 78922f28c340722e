import { didYouMean } from '../../../config/suggest.ts';
import { mappingOf, type Path, valueAt } from '../../document.ts';
import type { Reporter, Rule } from '../../rule.ts';
import * as keys from '../../workflows/keys.ts';
import { atKey, type Job, type Workflow, workflowsOf } from '../../workflows/model.ts';

export const workflowUnknownKey: Rule = {
  id: 'workflow-unknown-key',
  severity: 'error',
  layer: 'schema',
  title: 'Workflows contain only keys that GitHub knows',
  why: 'GitHub refuses a workflow with an unknown key or event as a whole: none of its jobs runs, and no check turns red.',
  fix: 'Write the key as GitHub’s workflow syntax spells it.',
  source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      const tell = teller(workflow, report);
      tell([], keys.workflowKeys, 'a workflow');
      tell(['permissions'], keys.permissionKeys, 'permissions');
      tell(['concurrency'], keys.concurrencyKeys, 'concurrency');
      if (mappingOf(workflow.file.value['on'])) tell(['on'], keys.eventNames, 'on', 'an event');
      for (const job of workflow.jobs.values()) checkJob(job, tell);
    }
  },
};

type Tell = (path: Path, allowed: readonly string[], of: string, what?: 'a key' | 'an event') => void;

const teller =
  (workflow: Workflow, report: Reporter): Tell =>
  (path, allowed, of, what = 'a key') => {
    for (const key of Object.keys(mappingOf(valueAt(workflow.file.value, path)) ?? {})) {
      if (allowed.includes(key)) continue;
      report.find(
        atKey(workflow, [...path, key]),
        `"${key}" is not ${what} of ${of}${didYouMean(key, allowed)}`,
      );
    }
  };

function checkJob({ path, value, steps }: Job, tell: Tell): void {
  tell(path, keys.jobKeys, 'a job');
  tell([...path, 'permissions'], keys.permissionKeys, 'permissions');
  tell([...path, 'concurrency'], keys.concurrencyKeys, 'concurrency');
  tell([...path, 'environment'], keys.environmentKeys, 'environment');
  tell([...path, 'strategy'], keys.strategyKeys, 'strategy');
  tell([...path, 'container'], keys.containerKeys, 'container');
  for (const name of Object.keys(mappingOf(value['services']) ?? {}))
    tell([...path, 'services', name], keys.serviceKeys, 'a service');
  for (const step of steps) tell(step.path, keys.stepKeys, 'a step');
}

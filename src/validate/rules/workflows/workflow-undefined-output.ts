import { didYouMean } from '../../../config/suggest.ts';
import { mappingOf, type Path } from '../../document.ts';
import type { Rule } from '../../rule.ts';
import {
  type Embedded,
  expressionsOf,
  referenceAt,
  referencesIn,
} from '../../workflows/expression/embedded.ts';
import { atIndex, type Job, named, type Workflow, workflowsOf } from '../../workflows/model.ts';

export const workflowUndefinedOutput: Rule = {
  id: 'workflow-undefined-output',
  severity: 'error',
  layer: 'policy',
  title: 'Outputs that are used exist',
  why: 'A reference to a step, job or output that is not there is an empty text: the image is deployed without its tag, or the condition is never true, and no error is shown.',
  fix: 'Give the step the `id`, list the job under `needs`, or add the output to the job’s `outputs`.',
  source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#steps-context',
  check(workspace, report) {
    for (const workflow of workflowsOf(workspace)) {
      for (const embedded of expressionsOf(workflow)) {
        const job = jobAt(workflow, embedded.path);
        if (!job || !embedded.node) continue;
        for (const reference of referencesIn(embedded.node)) {
          const fault = faultOf(workflow, job, embedded, reference.split('.'));
          if (fault !== undefined)
            report.find(atIndex(workflow, embedded.path, referenceAt(embedded, reference)), fault);
        }
      }
    }
  },
};

const jobAt = (workflow: Workflow, path: Path): Job | undefined =>
  path[0] === 'jobs' ? workflow.jobs.get(String(path[1])) : undefined;

type Words = readonly string[];

function faultOf(workflow: Workflow, job: Job, { path }: Embedded, words: Words): string | undefined {
  if (words[1] === undefined || words[1] === '*') return undefined;
  if (words[0] === 'steps') return stepFault(job, path, words);
  return words[0] === 'needs' ? needFault(workflow, job, words) : undefined;
}

const stepProperties = ['outputs', 'outcome', 'conclusion'];

function stepFault(job: Job, path: Path, [, id = '', property]: Words): string | undefined {
  const before = path[2] === 'steps' ? Number(path[3]) : Number.POSITIVE_INFINITY;
  const ids = job.steps.flatMap((step) => (step.id === undefined ? [] : [step.id]));
  const step = job.steps.find((one) => one.id?.toLowerCase() === id);
  if (!step) return `${named(job)} has no step with the id "${id}"${didYouMean(id, ids)}`;
  if (step.index >= before) return `step "${step.id}" has not run yet, so its outputs are empty here`;
  if (property === undefined || property === '*' || stepProperties.includes(property)) return undefined;
  return `"${property}" is nothing that a step has${didYouMean(property, stepProperties)}`;
}

const needProperties = ['outputs', 'result'];

function needFault(workflow: Workflow, job: Job, [, id = '', property, output]: Words): string | undefined {
  const need = [...workflow.jobs.values()].find((one) => one.id.toLowerCase() === id);
  const isNeeded = job.needs.some((name) => name.toLowerCase() === id);
  if (!isNeeded && need)
    return `${named(job)} does not need "${need.id}", so its result and outputs are empty here`;
  if (!need) return isNeeded ? undefined : `there is no job "${id}"${didYouMean(id, job.needs)}`;
  if (property === undefined || property === '*') return undefined;
  if (!needProperties.includes(property))
    return `"${property}" is nothing that a job has${didYouMean(property, needProperties)}`;
  return property === 'outputs' && need.uses === undefined ? outputFault(need, output) : undefined;
}

function outputFault(need: Job, output: string | undefined): string | undefined {
  if (output === undefined || output === '*') return undefined;
  const declared = need.value['outputs'];
  const names = Object.keys(mappingOf(declared) ?? {});
  if (declared !== undefined && !mappingOf(declared)) return undefined;
  if (names.some((name) => name.toLowerCase() === output)) return undefined;
  return `${named(need)} has no output "${output}"${didYouMean(output, names)}`;
}
